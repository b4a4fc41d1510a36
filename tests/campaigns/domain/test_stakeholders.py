"""A register tells whose turn it is, and is checked for who was forgotten."""

from datetime import date, timedelta

import pytest

from campaigns.domain.definition import Definition
from campaigns.domain.stakeholders import KINDS, Stakeholder, cell, talks
from tests.campaigns.domain.drafts import only, plain, remarks, stakeholder, vision, with_register

WEDNESDAY = date(2027, 1, 13)
MONDAY = date(2027, 1, 11)


def entry(key: str = "mayor", **changes: object) -> Stakeholder:
    return Stakeholder.model_validate(stakeholder(key, **changes))


def due(entry: Stakeholder, since: date, n_weeks: int) -> list[date]:
    return [talk.week for talk in talks([entry], WEDNESDAY, since, n_weeks)]


def test_talks_come_every_so_many_weeks_counted_from_the_week_of_the_launch() -> None:
    monthly = entry(first_week=2, every_weeks=4)
    weeks = [MONDAY + timedelta(weeks=number) for number in (1, 5, 9)]
    assert due(monthly, WEDNESDAY, 10) == weeks
    assert due(monthly, weeks[1] + timedelta(days=6), 5) == weeks[1:]
    assert due(monthly, WEDNESDAY, 1) == []


def test_talk_without_a_rhythm_comes_once() -> None:
    assert due(entry(), WEDNESDAY, 52) == [MONDAY]
    assert due(entry(first_week=3), MONDAY + timedelta(weeks=3), 52) == []


def test_talks_of_a_week_stand_in_the_order_of_the_file() -> None:
    register = [entry("b", every_weeks=2), entry("a", every_weeks=1)]
    found = [(talk.week, talk.stakeholder.key) for talk in talks(register, MONDAY, MONDAY, 2)]
    assert found == [(MONDAY, "b"), (MONDAY, "a"), (MONDAY + timedelta(weeks=1), "a")]


def test_every_stakeholder_stands_in_one_cell_of_the_grid() -> None:
    register = [entry("a", interest="high"), entry("b", influence="high"), entry("c")]
    assert [one.key for one in cell(register, "high", "low")] == ["b"]
    assert [one.key for one in cell(register, "low", "high")] == ["a"]
    assert cell(register, "high", "high") == ()


def complete(**first: object) -> Definition:
    entries = [stakeholder(kind, kind=kind) for kind in KINDS]
    entries[0] |= first
    return with_register(plain(touchpoints=[vision()]), *entries)


def test_check_is_silent_about_a_register_that_can_be_worked_with() -> None:
    whole = complete(influence="high", every_weeks=4, owner="P01")
    assert remarks(whole, owners=("P01",)) == []
    assert remarks(plain(touchpoints=[vision()])) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"influence": "high"},
            (
                "warning initiative.stakeholders[1]: high influence is worth more than one talk: "
                "give it every_weeks"
            ),
        ),
        (
            {"owner": "P99"},
            (
                'error initiative.stakeholders[1].owner: nobody who works here has the id "P99"; '
                "expected one from the column id of the staff file"
            ),
        ),
        (
            {"kind": "partner"},
            (
                "warning initiative.stakeholders: nobody of the kind internal is here: "
                "is somebody forgotten?"
            ),
        ),
        (
            {"key": "partner"},
            (
                "error initiative.stakeholders[4].key: another of the stakeholders is called "
                '"partner" already'
            ),
        ),
    ],
)
def test_check_says_what_is_wrong_with_a_register(change: dict[str, object], told: str) -> None:
    assert only(complete(**change), owners=("P01",)) == told
