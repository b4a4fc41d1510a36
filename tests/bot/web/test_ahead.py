"""What the dashboard says of the time to come, in words."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from flask.testing import FlaskClient

from bot.web import ahead, charts
from campaigns.domain.confidentiality import Cell
from campaigns.domain.reports import Overview, Period, TeamRow
from campaigns.storage import directory
from tests.bot.web.reading import plain
from tests.bot.web.stage import Stage, released
from tests.bot.web.test_board import EMPTY
from tests.people import clerk

BANDS = ("LOW", "SOME", "MUCH", "HALF")


def calm(n_teams: int = 60, n_periods: int = 7) -> list[list[Cell]]:
    """Teams that differ for good, and wobble with every figure."""
    chance = np.random.default_rng(3)
    share = chance.normal(0.3, 0.1, (n_teams, 1)) + chance.normal(0, 0.1, (n_teams, n_periods))
    steps = np.searchsorted([0.2, 0.35, 0.5], share)
    return [[released(BANDS[step], "FEW") for step in row] for row in steps.tolist()]


@pytest.fixture(scope="module")
def overview() -> Overview:
    first = date(2027, 1, 4)
    starts = [first + n * timedelta(weeks=4) for n in range(7)]
    periods = tuple(Period(n, on, on + timedelta(days=27)) for n, on in enumerate(starts))
    teams = [TeamRow(f"T{n}", 1, tuple(cells)) for n, cells in enumerate(calm())]
    whole = TeamRow("Agency", 0, tuple(released("SOME", "MANY") for _ in periods))
    return replace(EMPTY, periods=periods, teams=(whole, *teams))


def test_heading_rows_say_a_range_and_which_way_it_lies(overview: Overview) -> None:
    rows = ahead.heading_rows(overview)
    assert [row.name for row in rows] == [f"T{n}" for n in range(60)]
    assert any("%, rather lower" in words for row in rows for words in row.words)
    assert ahead.heading_days(overview) == ["to 15 Aug", "to 12 Sept"]
    assert ahead.heading_rows(replace(overview, next_close_on=None)) == []


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (15, 45, "15 to 45 %"),
        (10, 45, "up to 45 %"),
        (45, 80, "45 % or more"),
        (10, 80, "anything"),
    ],
)
def test_open_ends_are_said_as_such(low: int, high: int, words: str) -> None:
    assert ahead.range_words(low, high) == words


def test_range_chart_draws_a_bar_with_its_words_for_each_row() -> None:
    drawn = charts.range_chart((("Permits", 15, 45, "15 to 45 %"),), 760)
    assert "15 to 45 %" in drawn
    assert "Permits" in drawn
    assert charts.range_chart((), 760) == ""


def test_dashboard_shows_where_teams_are_heading_once_that_held_so_far(
    running: Stage, client: FlaskClient
) -> None:
    teams = {f"T{n}": cells for n, cells in enumerate(calm())}
    with running.database.write() as c:
        ids = [directory.put_team(c, name) for name in teams]
        directory.put_all(c, [clerk(f"H{team}", team) for team in ids])
    periods = [{name: cells[n] for name, cells in teams.items()} for n in range(7)]
    running.publish(*periods)
    text = plain(client.get("/dashboard/portal").text)
    assert "Where teams are heading" in text
    assert "rather lower" in text
    assert "Permits North" not in text[text.index("Where teams are heading") :]


def test_dashboard_says_nothing_of_it_before(running: Stage, client: FlaskClient) -> None:
    running.publish({"Agency": released("SOME", "MANY"), "Permits North": released("LOW")})
    assert "heading" not in plain(client.get("/dashboard/portal").text)
