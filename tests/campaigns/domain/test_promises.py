"""A later version of a campaign can make the promise stricter and never weaker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from campaigns.domain.definition import Confidentiality
from campaigns.domain.promises import stricter
from campaigns.errors import DefinitionError


@st.composite
def promises(draw: st.DrawFn) -> Confidentiality:
    group = draw(st.integers(5, 20))
    weeks = draw(st.integers(1, 13))
    return Confidentiality(
        minimum_group=group,
        minimum_for_words=draw(st.integers(max(10, group), 60)),
        period_weeks=weeks,
        erase_after_months=draw(st.integers(max(2, 2 * weeks), 36)),
        staff_see_results=draw(st.booleans()),
    )


@given(before=promises(), wanted=promises())
def test_nothing_that_was_promised_gets_weaker(
    before: Confidentiality, wanted: Confidentiality
) -> None:
    try:
        now = stricter(before, wanted)
    except DefinitionError:
        return
    for one in (before, wanted):
        assert now.minimum_group >= one.minimum_group
        assert now.minimum_for_words >= one.minimum_for_words
        assert now.erase_after_months <= one.erase_after_months
    assert now.staff_see_results <= before.staff_see_results
    assert now.period_weeks == before.period_weeks
    assert stricter(now, wanted) == now


def test_erasing_before_the_periods_are_over_is_refused() -> None:
    before = Confidentiality(period_weeks=4)
    wanted = Confidentiality(period_weeks=1, erase_after_months=2)
    with pytest.raises(DefinitionError, match="erase later"):
        stricter(before, wanted)
    with pytest.raises(ValidationError):
        Confidentiality(period_weeks=4, erase_after_months=2)
