"""What looks the same is the same to the byte: pages, files, messages of all dates.

Attacks 9, 11, 13, 14 and 15: unanimous teams, the complement of an answer rate, one person who
answers many times, decimals, and hidden cells told apart by how they are hidden.
"""

import csv
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.agency import Mood
from tests.attacks.attacker import World, Worlds, saying

FOR: Mood = (5, 0.05)
AGAINST: Mood = (1, 0.95)


def test_worlds_that_differ_in_what_may_be_known_look_different(worlds: Worlds) -> None:
    one, other = (worlds(40, 24, 12).lives(saying(FOR, T02=[mood] * 12)) for mood in (FOR, AGAINST))
    assert one.seen != other.seen


def test_an_empty_team_and_a_small_one_look_the_same(worlds: Worlds) -> None:
    empty, small = (
        worlds(45, 24, 9).lives(saying(FOR, T02=said), saying(FOR, T02=said))
        for said in ([], [AGAINST] * 4)
    )
    assert empty.seen == small.seen


def test_a_protected_team_looks_like_an_empty_one(worlds: Worlds) -> None:
    first = saying(FOR, T02=[FOR] * 9)
    empty, protected = (
        worlds(45, 24, 9).lives(first, saying(FOR, T02=said)) for said in ([], [FOR] * 8)
    )
    assert empty.lines("T02") == protected.lines("T02")
    assert "not shown" in empty.lines("T02")[-1]
    assert "not shown" not in empty.lines("T02")[-2]


def asked_of_the_database(world: World) -> list[str]:
    """Every statement behind all pages, in order, with how much each was given."""
    asked: list[str] = []

    def hear(*told: Any) -> None:
        _, _, statement, parameters, *_ = told
        asked.append(f"{statement} {len(parameters)}")

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        world.look()
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    return asked


def test_no_page_does_other_work_for_what_it_hides(worlds: Worlds) -> None:
    """Nothing is reckoned when a page is read, so that no clock tells why a team is hidden."""
    empty, small, protected, shown = (
        asked_of_the_database(
            worlds(45, 24, 9).lives(*(saying(FOR, T02=[FOR] * n) for n in answered))
        )
        for answered in ((0, 0), (4, 4), (9, 8), (9, 9))
    )
    assert len(shown) > 10
    assert empty == small == protected == shown


@pytest.mark.parametrize(("n", "left", "mood"), [(19, AGAINST, FOR), (6, FOR, AGAINST)])
def test_one_voice_against_all_others_is_not_heard(
    worlds: Worlds, n: int, left: Mood, mood: Mood
) -> None:
    unanimous, but_one = (
        worlds(60, 60, n).lives(saying(FOR, T02=said))
        for said in ([mood] * n, [*[mood] * (n - 1), left])
    )
    assert unanimous.seen == but_one.seen


def test_nobody_can_be_told_from_who_has_not_answered(worlds: Worlds) -> None:
    all_of_them, all_but_one = (
        worlds(45, 24, 8).lives(saying(FOR, T02=said)) for said in ([FOR] * 8, [FOR] * 7)
    )
    assert all_of_them.seen == all_but_one.seen


def test_whoever_answers_many_times_counts_once(worlds: Worlds) -> None:
    def lived(times: int) -> World:
        world = worlds(45, 24, 12)
        start = world.starts_at(0)
        for day in range(times):
            said = saying(FOR, T02=[AGAINST, *[FOR] * 11])
            world.agency.pulse(start + timedelta(days=2 + day), said)
        # The others were as often asked, and say again what they said.
        for day in range(times, 6):
            again = saying(FOR, T02=[None, *[FOR] * 11])
            world.agency.pulse(start + timedelta(days=2 + day), again)
        world.close(0)
        return world

    assert lived(1).seen == lived(6).seen


def test_no_figure_says_more_than_the_rules_know(worlds: Worlds) -> None:
    mixed = [(1 + n % 5, n % 11 / 10) for n in range(31)]
    world = worlds(31, 17, 7).lives(saying(FOR, T00=mixed, T01=mixed[:17], T02=mixed[:7]))
    sheet = world.page("/figures.csv").split("\n", 1)[1]
    rows = list(csv.DictReader(sheet.splitlines()))
    assert {row["against"] for row in rows} <= {
        "not shown", "up to 20 %", "20–35 %", "35–50 %", "half or more"
    }  # fmt: skip
    assert {row["people"] for row in rows} <= {"", "5–9", "10–19", "20–49", "50+"}
    shown = re.sub(r"<svg.*?</svg>|We are 90 % sure", "", world.page(""), flags=re.S)
    percents = {int(n) for n in re.findall(r"(\d+) %", shown)}
    assert percents <= {*range(10, 85, 5)}
    assert not re.search(r"\d[.,]\d+ %", shown)
