"""Where teams are heading follows from released cells alone, and is said of no hidden team."""

import numpy as np
import pytest

from campaigns.domain.confidentiality import WITHHELD, Cell
from campaigns.domain.heading import AHEAD, Heading, Headings, Turn, headings
from tests.bot.web.stage import released

BANDS = ("LOW", "SOME", "MUCH", "HALF")


@pytest.fixture(scope="module")
def teams() -> list[list[Cell]]:
    """Sixty teams that differ for good, seven periods; the last one was high by chance."""
    chance = np.random.default_rng(3)
    lasting = chance.normal(0.3, 0.1, (60, 1))
    share = lasting + chance.normal(0, 0.1, (60, 7))
    steps = np.searchsorted([0.2, 0.35, 0.5], share)
    steps[-1] = [0, 0, 0, 0, 0, 0, 3]
    return [[released(BANDS[step], "FEW") for step in row] for row in steps.tolist()]


def test_a_team_that_was_high_once_is_heading_back(teams: list[list[Cell]]) -> None:
    found = headings(teams)
    first = found[-1][0]
    assert first is not None
    assert first.turn is Turn.LOWER
    assert all(isinstance(one, Heading) for one, _ in found)


def test_ranges_are_coarse_and_open_at_the_ends(teams: list[list[Cell]]) -> None:
    said = [one for row in headings(teams) for one in row if one is not None]
    assert {one.low % 5 for one in said} == {one.high % 5 for one in said} == {0}
    assert all(10 <= one.low < one.high <= 80 for one in said)


def test_a_team_that_is_not_shown_last_has_no_heading_and_changes_only_by_being_away(
    teams: list[list[Cell]],
) -> None:
    hidden = [*teams[0][:-1], WITHHELD]
    nobody: Headings = (None,) * len(AHEAD)
    assert headings([hidden, *teams[1:]])[0] == nobody
    without = headings([[WITHHELD] * 7, *teams[1:]])
    assert without == [nobody, *headings(teams[1:])]


def test_nobody_is_heading_anywhere_before_there_is_a_past_to_try_it_on(
    teams: list[list[Cell]],
) -> None:
    assert not any(one for row in headings([cells[:4] for cells in teams]) for one in row)
    assert headings([]) == []
    assert headings([[], []]) == [(None, None)] * 2


def test_shares_in_percent_are_used_where_they_are_released(teams: list[list[Cell]]) -> None:
    shares = [80, 10, 10, 10, 75, 80]
    many = [released("HALF", "DOZENS", shares=shares) for _ in range(7)]
    first = headings([many, *teams])[0][0]
    assert first is not None
    assert first.high == 80
    assert first.low >= 50
