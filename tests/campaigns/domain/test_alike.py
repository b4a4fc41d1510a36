"""People alike are counted together; nobody can be found in it, and lives stand for all of them."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from campaigns.domain.alike import crowd
from tests.people import clerk

NOW = datetime(2027, 1, 11, 6, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(weeks=4)


def test_crowd_keeps_apart_who_is_reached_at_other_times_and_nobody_else() -> None:
    usual = [clerk(f"P{n}", n % 3, role=("clerk", "driver")[n % 2]) for n in range(30)]
    away = clerk("A", away_from=date(2027, 1, 12), away_until=date(2027, 1, 15))
    back = replace(away, away_from=date(2026, 12, 1), away_until=date(2026, 12, 9))
    fewer = clerk("F", per_week=1)
    paused = clerk("H", paused_until=NOW + timedelta(days=3))
    found = crowd(iter([*usual, away, back, fewer, paused]), [lambda _: True], NOW, UNTIL)
    assert sorted(group.n for group in found.groups) == [1, 1, 1, 31]
    assert (found.n, found.n_by_team[0].total()) == (34, 34)
    for group in found.groups:
        like = group.like
        assert {like.id, like.name, like.external_id, like.email, like.chat_id} == {0, ""}


def test_crowd_counts_each_campaigns_people_alone() -> None:
    people = [clerk(f"P{n}", n % 2, language=("en", "de", "de")[n % 3]) for n in range(12)]
    tests = [lambda _: True, lambda one: one.team_id == 1, lambda _: False]
    found = crowd(iter(people), tests, NOW, UNTIL)
    assert {group.campaigns: group.n for group in found.groups} == {(0,): 6, (0, 1): 6}
    assert [of.total() for of in found.n_by_team] == [12, 6, 0]
    shares = [round(found.share(n, lambda one: one.language == "de"), 2) for n in range(3)]
    assert shares == [0.67, 0.67, 0]


def test_lives_come_evenly_from_all_teams() -> None:
    people = [clerk(f"P{n}", 1 + (n >= 30) + (n >= 50)) for n in range(60)]
    [group] = crowd(iter(people), [lambda _: True], NOW, UNTIL).groups
    assert Counter(one.team_id for one in group.lives(12)) == {1: 6, 2: 4, 3: 2}
    assert Counter(one.team_id for one in group.lives(60)) == {1: 30, 2: 20, 3: 10}
    assert len(list(group.lives(1))) == 1
