"""Nothing but released figures and our own sendings fits into a report."""

from typing import get_args, get_type_hints

from campaigns.domain.confidentiality import Cell, Rate, Released, Withheld
from campaigns.domain.reports import FollowUpRow, Overview, TeamRow


def test_figures_of_groups_are_released_or_withheld() -> None:
    assert set(get_args(Cell)) == {Released, Withheld}
    assert get_type_hints(TeamRow)["cells"] == tuple[Cell, ...]
    assert get_type_hints(Overview)["organisation"] == tuple[Cell, ...]


def test_a_report_has_no_count_of_people_but_reach_and_follow_ups() -> None:
    numbers = {name for name, kind in get_type_hints(Overview).items() if kind is int}
    assert numbers == {"version"}
    assert get_type_hints(Overview)["rate"] == Rate | None
    assert get_type_hints(FollowUpRow)["people"] == int | None
