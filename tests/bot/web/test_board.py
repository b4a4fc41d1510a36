"""The dashboard's words, for every state of things that an overview can hold."""

from dataclasses import replace
from datetime import date

import pytest

from bot.web import board
from campaigns.domain.alerts import AlertKind, AlertState, Ending, Strength
from campaigns.domain.confidentiality import WITHHELD, Cell
from campaigns.domain.reports import (
    AlertRow,
    FollowUpRow,
    Overview,
    Period,
    Reach,
    TeamRow,
    TrainingRow,
)
from tests.bot.web.stage import released

EMPTY = Overview(
    key="portal",
    title="Permits",
    initiative="Portal",
    sponsor="The director",
    state="running",
    version=1,
    launched_on=date(2027, 1, 4),
    next_close_on=date(2027, 2, 1),
    reach=Reach(0, 0, 0, 0),
    periods=(),
    organisation=(),
    teams=(),
    rate=None,
    barrier=None,
    themes=(),
    alerts=(),
    follow_ups=(),
)
JANUARY = Period(0, date(2027, 1, 4), date(2027, 1, 31))


def alert(state: AlertState, owner: str | None = None, team: str = "Registry") -> AlertRow:
    on = date(2027, 1, 31)
    return AlertRow(1, team, AlertKind.HIGH, Strength.SOME, state, owner, on, on)


def closed(cell: Cell, *alerts: AlertRow) -> Overview:
    return replace(EMPTY, periods=(JANUARY,), organisation=(cell,), alerts=alerts)


@pytest.mark.parametrize(
    ("alerts", "words"),
    [
        ((), "No team has an open alert."),
        ((alert(AlertState.TAKEN),), "One team has an open alert."),
        ((alert(AlertState.OPEN), alert(AlertState.SNOOZED)), "2 teams have an open alert."),
        ((alert(AlertState.CLOSED), alert(AlertState.RESOLVED)), "No team has an open alert."),
    ],
)
def test_headline_counts_alerts_that_stand(alerts: tuple[AlertRow, ...], words: str) -> None:
    assert board.headline(closed(released("LOW"), *alerts)).endswith(words)


def test_track_record_says_how_often_there_was_something_behind_an_alert() -> None:
    endings = [Ending.HELPED, Ending.NOTHING, Ending.STARTED, Ending.PASSED_ON, None]
    ended = [replace(alert(AlertState.CLOSED), ending=one) for one in endings]
    assert board.track_record(closed(released("LOW"), *ended)) == (
        "Alerts closed with a result: 4. There was something behind 3 of them, "
        "and what was done helps in 1."
    )
    assert board.track_record(closed(released("LOW"), alert(AlertState.CLOSED))) == ""


def test_headline_promises_nothing_before_the_first_close() -> None:
    assert board.headline(EMPTY) == "The first results appear when the first period closes."


def test_headline_says_when_the_whole_is_withheld() -> None:
    assert "is not shown" in board.headline(closed(WITHHELD))


def test_band_and_share_of_one_cell_do_not_disagree() -> None:
    cell = released("LOW", "MANY", shares=[20, 20, 20, 40, 15, 25])  # 18 %, say
    overview = replace(closed(cell), teams=(TeamRow("Agency", 0, (cell,)),))
    assert board.headline(overview).startswith("About 20 %")
    assert board.heat_rows(overview)[0].cells[0].text == "up to 20 %"


def test_follow_ups_that_few_people_got_are_not_listed() -> None:
    rows = (FollowUpRow("Training", 25), FollowUpRow("Jobs", None))
    assert board.follow_ups(replace(EMPTY, follow_ups=rows)) == [("Training", "25")]
    assert board.follow_ups(replace(EMPTY, follow_ups=rows[1:])) == []


def test_what_became_of_a_training_is_a_dash_where_too_few_are_counted() -> None:
    rows = (TrainingRow("Data", 25, 10, None, None),)
    counted = [("Data", ["25", "10", "–", "–"])]
    assert board.trainings(replace(EMPTY, trainings=rows)) == counted


@pytest.mark.parametrize("band", ["LOW", "SOME", "MUCH", "HALF"])
def test_headline_has_words_for_every_band(band: str) -> None:
    assert "are against the change" in board.headline(closed(released(band)))


def test_sentence_is_empty_handed_without_shares() -> None:
    overview = closed(released("LOW"))
    assert board.stance_sentence(overview) == "There are no figures to show yet."
    assert board.certainty_sentence(overview) == ""


def test_sentence_compares_nothing_with_one_period() -> None:
    shares = [10, 20, 20, 80, 10, 10]
    overview = closed(released("LOW", "MANY", shares=shares))
    sentence = board.stance_sentence(overview)
    assert sentence == "4–31 Jan: 80 % or more are for the change, 10 % or less against it."
    assert board.certainty_sentence(overview) == ""


@pytest.mark.parametrize("state", list(AlertState))
def test_alert_names_its_owner_and_asks_for_one_only_while_it_stands(state: AlertState) -> None:
    assert board.alert_lines(closed(WITHHELD, alert(state, "Ada")))[0].owner == "With Ada"
    nobody = board.alert_lines(closed(WITHHELD, alert(state)))[0]
    assert bool(nobody.owner) == nobody.standing


def test_standing_alerts_come_first() -> None:
    done, open_ = alert(AlertState.CLOSED, team="A"), alert(AlertState.OPEN, team="B")
    assert [line.team for line in board.alert_lines(closed(WITHHELD, done, open_))] == ["B", "A"]


def test_alert_says_the_barrier_only_where_it_is_released() -> None:
    rows = (TeamRow("Registry", 1, (released("HALF", barrier="desire"),)),)
    overview = replace(closed(WITHHELD, alert(AlertState.OPEN)), teams=rows)
    assert "don’t want it" in board.alert_lines(overview)[0].barrier
    hidden = replace(overview, teams=(TeamRow("Registry", 1, (WITHHELD,)),))
    assert board.alert_lines(hidden)[0].barrier == ""


def test_themes_count_teams_without_teams_below_them() -> None:
    rows = (
        TeamRow("Agency", 0, (released("LOW", themes=["tools", "workload"]),)),
        TeamRow("A", 1, (released("LOW", themes=["tools"]),)),
        TeamRow("B", 1, (WITHHELD,)),
        TeamRow("C", 1, (released("LOW", themes=["tools", "job_security"]),)),
    )
    counted = board.theme_rows(replace(closed(released("LOW")), teams=rows))
    assert counted == (("tools", 2), ("job security", 1))
