"""When a team stands out, and when it must not."""

import doctest
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment import trend
from sentiment.trend import Judgement, PlainDetector, Point, high, judge, rising

DETECTOR = PlainDetector()


def points(
    means: Sequence[float], n: int = 12, rest: Sequence[float] | float = 0.25
) -> list[Point]:
    others = [rest] * len(means) if isinstance(rest, float) else rest
    return [
        Point(t, n, mean, 300, other, 0.09)
        for t, (mean, other) in enumerate(zip(means, others, strict=True))
    ]


def alarms(found: Judgement | None) -> bool:
    return found is not None and found.evidence >= 1


def test_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(trend).failed == 0


def test_a_team_that_turns_is_rising_since_it_turned() -> None:
    found = judge(points([0.25, 0.25, 0.28, 0.6, 0.65]))
    assert found is not None
    assert alarms(found)
    assert (found.kind, found.since) == ("rising", 3)


def test_a_team_that_was_always_high_is_high_from_the_start() -> None:
    found = judge(points([0.6, 0.6, 0.6]))
    assert found is not None
    assert alarms(found)
    assert (found.kind, found.since) == ("high", 0)


def test_a_shock_to_the_whole_organisation_moves_nobody() -> None:
    shock = [0.25, 0.25, 0.6, 0.6]
    assert not alarms(judge(points(shock, rest=shock)))


@given(st.lists(st.floats(0.1, 0.5), min_size=1, max_size=7), st.floats(-0.1, 0.3))
def test_what_moves_everybody_cancels_exactly(means: list[float], shift: float) -> None:
    plain = points(means)
    moved = points([mean + shift for mean in means], rest=0.25 + shift)
    assert rising(plain)[0] == pytest.approx(rising(moved)[0], abs=1e-6)
    assert high(plain)[0] == pytest.approx(high(moved)[0], abs=1e-6)


def test_few_people_need_more() -> None:
    means = [0.25, 0.25, 0.45]
    few, many = rising(points(means, n=5))[0], rising(points(means, n=40))[0]
    assert few < many


def test_a_low_level_is_no_alarm_however_steep() -> None:
    assert judge(points([0.01, 0.01, 0.2], n=80, rest=0.02)) is None


def test_a_team_that_calmed_down_is_not_held_up_by_its_past() -> None:
    assert judge(points([0.7, 0.7, 0.7, 0.2])) is None


def test_one_high_period_does_not_become_the_new_baseline() -> None:
    once, twice = judge(points([0.25, 0.25, 0.6])), judge(points([0.25, 0.25, 0.6, 0.6]))
    assert once is not None
    assert twice is not None
    assert twice.evidence > once.evidence


def test_no_period_and_no_alarm() -> None:
    assert judge([]) is None
    assert high([])[0] == rising([])[0] == 0
    assert not alarms(judge(points([0.26])))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7), st.integers(5, 60))
def test_evidence_is_a_number_and_since_a_period_that_was(means: list[float], n: int) -> None:
    found = DETECTOR.judge(points(means, n))
    if found is not None:
        assert -50 < found.evidence < 50
        assert 0 <= found.since < len(means)


def without(seen: Sequence[dict[int, float]], left_out: int | None = None) -> list[Point]:
    found = []
    for period, answers in enumerate(seen):
        values = [x for person, x in answers.items() if person != left_out]
        found.append(Point(period, len(values), sum(values) / len(values), 300, 0.25, 0.09))
    return found


def test_false_alarms_of_calm_teams_stay_rare() -> None:
    """1,000 teams of 12 for six periods, nobody changes; an alarm holds without any one person."""
    chance, false = Random(11), 0
    for _ in range(1000):
        people = [min(1.0, max(0.0, chance.gauss(0.25, 0.22))) for _ in range(12)]
        seen = [
            {p: x + chance.gauss(0, 0.2) for p, x in enumerate(people) if chance.random() < 0.8}
            for _ in range(6)
        ]
        false += any(
            alarms(judge(without(seen[:t])))
            and all(alarms(judge(without(seen[:t], person))) for person in range(12))
            for t in range(1, 7)
        )
    assert false / 1000 < 0.06
