"""What comes in busy days or beside another campaign is found, with a better day, and remarked."""

from datetime import date, timedelta
from typing import Any

import pytest

from campaigns.domain.bad_moments import Around, BadMoment, Elsewhere, bad_moments
from campaigns.domain.definition import Definition
from campaigns.domain.people import Team, TeamTree
from tests.campaigns.domain.drafts import NOW, only, plain, pulse, scale, vision

TREE = TeamTree.of(
    [Team(1, "Agency"), Team(2, "Finance", 1), Team(3, "Payroll", 2), Team(4, "Counter", 1)]
)
LAUNCH = NOW.date()  # a Monday
FRIDAY = LAUNCH + timedelta(days=4)


def busy(**changes: Any) -> dict[str, Any]:
    return {"label": "Year-end closing", "from": "2027-01-14", "until": "2027-01-18"} | changes


def campaign(**changes: Any) -> Definition:
    """One vision message on the Friday after the launch."""
    on_friday = vision(when={"days_after_launch": 4})
    return plain(touchpoints=[on_friday], **changes)


def found(
    content: Definition,
    *elsewhere: Elsewhere,
    from_on: date = LAUNCH,
    regions: dict[str, int] | None = None,
) -> list[BadMoment]:
    return bad_moments(content, LAUNCH, from_on, TREE, Around(elsewhere, regions or {}))


def test_a_busy_day_is_a_bad_moment_and_the_next_free_working_day_a_better_one() -> None:
    why = "Year-end closing is a busy time"
    moment = BadMoment("hello", FRIDAY, (why,), date(2027, 1, 19))
    assert found(campaign(busy_times=[busy()])) == [moment]
    assert found(campaign(busy_times=[busy(until="2027-01-14")])) == []
    assert found(campaign(busy_times=[busy()]), from_on=FRIDAY + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("teams", "audience", "concerned"),
    [
        (["Finance"], {}, True),
        (["finance"], {"teams": ["Payroll"]}, True),
        (["Finance"], {"teams": ["Counter"]}, False),
        (["Payroll"], {"except": {"teams": ["Finance"]}}, False),
        (["Nobody"], {}, False),
    ],
)
def test_a_busy_time_of_teams_concerns_whoever_writes_to_them(
    teams: list[str], audience: dict[str, Any], concerned: bool
) -> None:
    content = campaign(busy_times=[busy(teams=teams)], audience=audience)
    assert bool(found(content)) is concerned


@pytest.mark.parametrize(
    ("audience", "shared"),
    [
        ({}, True),
        ({"teams": ["Agency"]}, True),
        ({"teams": ["Counter"]}, False),
        ({"roles": ["clerk"]}, True),
        ({"locations": ["South"]}, False),
    ],
)
def test_another_campaign_is_in_the_way_where_people_may_get_both(
    audience: dict[str, Any], shared: bool
) -> None:
    same_day = vision(when={"at": f"{FRIDAY} 14:00"})
    other = Elsewhere(plain(key="other", touchpoints=[same_day], audience=audience), LAUNCH)
    mine = campaign(audience={"teams": ["Finance"], "locations": ["North"]})
    whys = [one.whys for one in found(mine, other)]
    assert whys == ([('the campaign "other" writes on the same day',)] if shared else [])


def test_a_better_day_has_no_other_message_of_ours_and_there_may_be_none() -> None:
    content = plain(
        questions=[scale()],
        touchpoints=[
            pulse(when={"every_days": 7, "first_after_days": 4, "times": 2}),
            vision(when={"days_after_launch": 8}),
        ],
        busy_times=[busy()],
    )
    assert [one.better for one in found(content)] == [date(2027, 1, 20)]
    long = campaign(busy_times=[busy(until="2027-03-31")])
    assert [one.better for one in found(long)] == [None]


def test_check_warns_once_a_touchpoint_at_its_place() -> None:
    assert only(campaign(busy_times=[busy()])) == (
        "warning campaign.touchpoints[1].when: on 2027-01-15 it comes at a bad moment: "
        "Year-end closing is a busy time; 2027-01-19 would be free"
    )
    asked = pulse(when={"every_days": 7, "first_after_days": 4, "times": 4})
    often = plain(questions=[scale()], touchpoints=[asked], busy_times=[busy(until="2027-02-01")])
    assert only(often).endswith("; so do 2 later ones")


def test_check_warns_of_a_busy_time_of_a_team_that_is_not_there() -> None:
    content = campaign(busy_times=[busy(teams=["Finanse"], until="2027-01-14")])
    assert only(content, tree=TREE) == (
        'warning campaign.busy_times[1].teams[1]: there is no team "Finanse"; '
        'did you mean "Finance"?'
    )


def test_a_public_holiday_is_a_bad_moment_where_more_than_a_few_have_it() -> None:
    content = plain(touchpoints=[vision(when={"at": "2027-03-26 09:00"})])  # Good Friday
    why = ("it is a public holiday in DE, ES",)
    easter_over = date(2027, 3, 30)
    moment = BadMoment("hello", date(2027, 3, 26), why, easter_over)
    assert found(content, regions={"DE": 30, "ES": 2, "FR": 10, "": 60}) == [moment]
    assert found(content, regions={"DE": 3, "ES": 2, "FR": 10, "": 85}) == []
    assert found(content) == []


def test_check_warns_of_a_public_holiday() -> None:
    content = plain(touchpoints=[vision(when={"at": "2027-03-26 09:00"})])
    assert "a public holiday in DE; 2027-03-30 would be free" in only(
        content, around=Around(regions={"DE": 10})
    )


def test_a_cadence_is_looked_at_for_a_year_from_today_however_old_it_is() -> None:
    cadence = pulse(when={"cron": "0 10 * * 2"}, open_days=6)
    later = LAUNCH + timedelta(days=500)
    week = busy(**{"from": str(later), "until": str(later + timedelta(days=6))})
    content = plain(questions=[scale()], touchpoints=[cadence], busy_times=[week])
    assert [one.touchpoint for one in found(content, from_on=later)] == ["pulse"]
    assert found(content) == []
