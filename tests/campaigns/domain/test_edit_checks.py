"""A new version of a running campaign keeps the keys of what began: found before it is launched."""

from typing import Any

import pytest

from campaigns.domain.definition import Definition
from campaigns.domain.edit_checks import Underway
from tests.campaigns.domain.drafts import only, plain, pulse, remarks, scale, vision

COURSE = {"kind": "follow_up", "key": "course", "title": "C", "text": "C", "purpose": "training"}
RULE = {"key": "silent", "when": {"silence_pulses": 2}, "send": "course"}


def content(*touchpoints: dict[str, Any], rules: tuple[dict[str, Any], ...] = ()) -> Definition:
    more = [COURSE] if rules else []
    asked = [scale()] if any(one["kind"] == "pulse" for one in touchpoints) else []
    return plain(questions=asked, touchpoints=[*touchpoints, *more], rules=list(rules))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (vision(), vision("hi")),
        (vision(), vision("hi", text="Why, in other words")),
        (vision(), vision("hi", when={"days_after_launch": 9})),
        (pulse(), pulse("weekly")),
    ],
)
def test_check_refuses_another_key_for_what_went_out(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    underway = Underway(content(before), {before["key"]})
    assert only(content(after), underway=underway) == (
        f'error campaign.touchpoints[1].key: the running version calls this "{before["key"]}"; '
        f'under another key it would go out once more: keep "{before["key"]}"'
    )
    assert remarks(content(after), underway=Underway(content(before), ())) == []


def test_check_allows_what_is_new_and_what_is_gone() -> None:
    underway = Underway(content(vision(), pulse()), {"hello", "pulse"})
    later = vision("spring", title="Spring", text="The portal opens")
    assert remarks(content(vision(), pulse(), later), underway=underway) == []
    assert remarks(content(pulse(open_days=3)), underway=underway) == []
    assert remarks(content(vision(text="Other words"), pulse()), underway=underway) == []


def test_check_refuses_another_kind_under_a_key_that_went_out() -> None:
    found = only(content(pulse("hello")), underway=Underway(content(vision()), {"hello"}))
    assert found == (
        'error campaign.touchpoints[1].key: "hello" began as a vision: give this another key'
    )


def test_check_refuses_another_key_for_a_rule_whose_limits_count() -> None:
    underway = Underway(content(pulse(), rules=(RULE,)), ())
    renamed = content(pulse(), rules=(RULE | {"key": "quiet"},))
    assert only(renamed, underway=underway) == (
        'error campaign.rules[1].key: the running version calls this "silent"; under another key '
        'its limits would count from nothing: keep "silent"'
    )
