"""Times that cannot be kept, rounds that overlap and full weeks are found before the launch."""

from datetime import datetime
from typing import Any

import pytest

from tests.campaigns.domain.drafts import only, plain, pulse, remarks, scale, vision


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"cron": "every day"}, "error campaign.touchpoints[1].when.cron: expected five fields"),
        ({"cron": "0 25 * * *"}, "error campaign.touchpoints[1].when.cron: expected five fields"),
        ({"cron": "0 0 9 * * 1"}, "error campaign.touchpoints[1].when.cron: expected five fields"),
        ({"cron": "0 9 30 2 *"}, "error campaign.touchpoints[1].when.cron: expected five fields"),
        (
            {"cron": "0 9 1 * *", "first_on": "2027-03-01", "until": "2027-02-01"},
            "error campaign.touchpoints[1].when.until: the last day is before the first one",
        ),
        (
            {"cron": "0 9 1 * *", "until": "2026-12-01"},
            "warning campaign.touchpoints[1].when.until: the last day is in the past",
        ),
        (
            {"cron": "0 9 1 * *", "first_on": "2029-01-01"},
            "warning campaign.touchpoints[1].when.cron: nothing would go out within a year",
        ),
        (
            {"at": "2027-01-08 09:00"},
            "warning campaign.touchpoints[1].when.at: this is in the past",
        ),
        (
            {"at": "2026-01-08T09:00+01:00"},
            "warning campaign.touchpoints[1].when.at: this is in the past",
        ),
    ],
)
def test_check_tells_times_that_cannot_be_kept(when: dict[str, Any], expected: str) -> None:
    assert only(plain(touchpoints=[vision(when=when)])).startswith(expected)


def test_check_tells_a_pulse_that_would_be_closed_before_it_goes_out() -> None:
    asked = pulse(when={"at": "2027-01-02 09:00"}, open_days=6)
    assert only(plain(questions=[scale()], touchpoints=[asked])) == (
        "warning campaign.touchpoints[1].when.at: this is in the past: nobody would get it, it "
        "would be closed"
    )


def test_check_says_nothing_of_a_time_that_is_still_to_come_somewhere() -> None:
    assert remarks(plain(touchpoints=[vision(when={"at": "2027-01-11 06:00"})])) == []


def test_check_warns_of_a_goal_in_the_past() -> None:
    content = plain(touchpoints=[vision()])
    goal = content.initiative.goals[0].model_copy(update={"by": datetime(2020, 1, 1).date()})  # noqa: DTZ001
    initiative = content.initiative.model_copy(update={"goals": (goal,)})
    found = only(content.model_copy(update={"initiative": initiative}))
    assert found == "warning initiative.goals[1].by: this day is in the past"


def test_check_warns_of_pulses_that_overlap() -> None:
    content = plain(
        questions=[scale()],
        touchpoints=[
            pulse("one", when={"days_after_launch": 0}, open_days=6),
            pulse("two", when={"days_after_launch": 5}),
            pulse("three", when={"days_after_launch": 11}),
        ],
    )
    assert only(content) == (
        'warning campaign.touchpoints[2].when: on 2027-01-16 it would open while "one" is still '
        "open"
    )
    often = {"every_days": 5, "first_after_days": 3, "times": 4}
    again = plain(questions=[scale()], touchpoints=[pulse(when=often)])
    assert "on 2027-01-19 it would open while its previous round" in only(again)
    slow = plain(questions=[scale()], touchpoints=[pulse(open_days=8)])
    assert "while its previous round is still open" in only(slow)


def test_check_warns_of_more_messages_a_week_than_the_cap() -> None:
    days = [{"days_after_launch": day} for day in (0, 2, 4, 6, 7)]
    visions = [vision(f"v{index}", when=when) for index, when in enumerate(days)]
    found = only(plain(touchpoints=visions))
    assert found.startswith("warning campaign.limits.messages_per_week: in the seven days from")
    assert "2027-01-11 a person could get 4 messages; over 3 they wait" in found
    assert remarks(plain(touchpoints=visions, limits={"messages_per_week": 4})) == []


def test_check_is_quick_with_a_cadence_of_every_minute() -> None:
    content = plain(questions=[scale()], touchpoints=[pulse(when={"cron": "* * * * *"})])
    assert len(remarks(content)) == 2  # it overlaps itself, and it is too many


def test_check_warns_of_full_weeks_only_of_those_whose_turn_a_pulse_is() -> None:
    asks = pulse(ask={"one_in": 3}, open_days=10, when={"cron": "0 10 * * 2", "times": 9})
    limits = {"days_between_pulses": 14, "messages_per_week": 1}
    content = plain(questions=[scale()], touchpoints=[asks], limits=limits)
    assert remarks(content, team_sizes=[15, 60]) == []
    small = remarks(content, team_sizes=[4, 60])
    assert len(small) == 1
    assert "it would open while its previous round is still open" in small[0]
    assert remarks(content) == small  # where nobody knows of teams, they may be small
