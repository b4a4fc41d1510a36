"""Teams and people change from wave to wave, answers come twice or late, and weeks stay empty.

What then happens is written in docs/over-time.md; nothing of it may give anybody away (attacks 4, 5
and 8), which is why these tests stand here.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.confidentiality import WITHHELD, Cell, Released
from campaigns.domain.messages import Action
from campaigns.flows import answering
from campaigns.flows.enrolling import import_people
from campaigns.storage import directory, outbox
from campaigns.storage.tables import answers
from tests.agency import Mood, published
from tests.attacks.attacker import World, Worlds, saying
from tests.scene import VAULT, event

FOR: Mood = (5, 0.05)
AGAINST: Mood = (1, 0.95)
Place = Callable[[int, int], str]  # (team number, person number) → the name of the team


@pytest.fixture
def world(worlds: Worlds) -> World:
    """Twelve, nine and eight people in teams T00, T01, T02, and forty in T03; one wave is over."""
    return worlds(12, 9, 8, 40).lives(saying(FOR))


def staff_file(world: World, place: Place) -> None:
    """The next staff file says who sits where."""
    agency = world.agency
    lines = ["id,name,team,parent_team"]
    for i, team in enumerate(agency.teams):
        for n in range(len(agency.staff[team])):
            name = place(i, n)
            lines.append(f"{team}-{n},Member {team}-{n},{name},Agency > North")
    for division, name in zip(agency.divisions, ("North", "South"), strict=True):
        lines.append(f"A{division},Member A{division},{name},Agency")
    import_people(agency.database, "\n".join(lines) + "\n")


def wave(world: World, period: int, silent: frozenset[tuple[int, int]] = frozenset()) -> None:
    """Everybody but the silent answers from the team they sit in now, and the period closes."""
    agency = world.agency
    with agency.database.write() as c:
        asked = [
            (person, directory.person(c, person).team_id, None if (i, n) in silent else FOR)
            for i, team in enumerate(agency.teams)
            for n, person in enumerate(agency.staff[team])
        ]
        agency.ask(c, world.starts_at(period) + timedelta(days=1), asked)
    world.close(period)


def cell(world: World, period: int, team: str) -> Cell:
    with world.agency.database.read() as c:
        ids = {one.name: one.id for one in directory.tree(c).teams.values()}
    return published(world.agency)[period].cells.get(ids[team], WITHHELD)


def names(world: World) -> list[str]:
    """The rows of the file of figures."""
    lines = world.page("/figures.csv").split("\n", 1)[1].splitlines()
    return list(dict.fromkeys(line.split(",")[0] for line in lines[1:]))


def test_a_renamed_team_begins_anew_and_is_compared_by_its_people(world: World) -> None:
    def renamed(i: int, _n: int) -> str:
        return "Front office" if i == 0 else f"T{i:02}"

    staff_file(world, renamed)
    wave(world, 1, silent=frozenset({(0, 0)}))  # one of the twelve does not answer
    assert "Front office" in names(world)
    assert "T00" not in names(world)
    assert cell(world, 1, "Front office") == WITHHELD
    wave(world, 2)
    assert isinstance(cell(world, 2, "Front office"), Released)
    assert world.lines("Front office")[1].endswith("not shown,")  # nothing of before its name


def test_merged_teams_have_one_figure_that_gives_neither_away(world: World) -> None:
    staff_file(world, lambda i, _n: "T00" if i == 1 else f"T{i:02}")
    wave(world, 1, silent=frozenset({(1, 0)}))
    assert cell(world, 1, "T00") == WITHHELD  # both together, less one
    wave(world, 2)
    assert isinstance(cell(world, 2, "T00"), Released)
    assert "T01" not in names(world)


def test_a_split_team_shows_the_part_that_is_large_enough(world: World) -> None:
    staff_file(world, lambda i, n: "New desk" if i == 0 and n < 3 else f"T{i:02}")
    wave(world, 1)
    assert cell(world, 1, "New desk") == WITHHELD
    assert cell(world, 1, "T00") == WITHHELD  # its nine less the twelve of before: the three
    staff_file(world, lambda i, n: "New desk" if i == 0 and n < 6 else f"T{i:02}")
    wave(world, 2)
    assert isinstance(cell(world, 2, "New desk"), Released)
    assert isinstance(cell(world, 2, "T00"), Released)


def test_an_emptied_team_is_no_longer_shown_and_its_old_figures_stay(world: World) -> None:
    before = published(world.agency)[0]
    staff_file(world, lambda i, _n: "T03" if i == 2 else f"T{i:02}")
    wave(world, 1)
    assert published(world.agency)[0] == before
    assert "T02" not in names(world)
    assert isinstance(cell(world, 1, "T03"), Released)


def test_who_moves_within_a_wave_counts_where_they_answered_first(world: World) -> None:
    agency = world.agency
    mover, there = agency.staff[agency.teams[3]][0], agency.teams[1]
    start = world.starts_at(1)
    agency.pulse(start + timedelta(days=1), saying(FOR))
    with agency.database.write() as c:
        agency.ask(c, start + timedelta(days=9), [(mover, there, AGAINST)])
    world.close(1)
    # Nine people as before: a tenth would have hidden the team.
    assert isinstance(cell(world, 1, "T01"), Released)


def test_six_weeks_without_answers_leave_a_gap_and_the_next_figures_are_compared_across_it(
    world: World,
) -> None:
    world.close(1)  # nobody was asked
    assert set(published(world.agency)[1].cells.values()) == {WITHHELD}
    wave(world, 2, silent=frozenset({(2, 0)}))
    assert cell(world, 2, "T02") == WITHHELD
    assert isinstance(cell(world, 2, "T00"), Released)


def test_a_press_that_arrives_after_the_close_counts_as_given_after_it(worlds: Worlds) -> None:
    world = worlds(12, 9, 8, 40).lives(saying(FOR, T02=[FOR] * 7))
    agency = world.agency
    late = agency.staff[agency.teams[2]][7]
    with agency.database.read() as c:
        asked = outbox.of_person(c, late)[-1]
    press = event(asked, Action.ANSWER, "ready", "4")
    pressed_at = world.starts_at(1) - timedelta(hours=1)
    assert answering.record(agency.database, VAULT, press, pressed_at).refusal is None
    with agency.database.read() as c:
        given_at = c.scalar(select(answers.c.answered_at).where(answers.c.person_id == late))
    assert given_at == world.starts_at(1)
    wave(world, 1)
    assert isinstance(cell(world, 0, "T02"), Released)
    # Eight people where seven were: were the press counted before, they would seem to be the same.
    assert cell(world, 1, "T02") == WITHHELD
