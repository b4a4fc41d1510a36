"""The program that measures the proof counts what it says: true effects, claims, detections."""

from random import Random

import pytest

from bench.holdout import HORIZON, MOST, Row, lived, look, outcomes

EACH = Row(60, 0.5)


def test_message_without_effect_changes_no_answer_and_one_with_effect_only_later_ones() -> None:
    same = list(outcomes(lived(60, 5, 0.0), EACH, Random(5)))
    moved = list(outcomes(lived(60, 5, 1.0), EACH, Random(5)))
    assert {one.true for one in same} == {0.0}
    assert sum(one.true for one in moved) / len(moved) > 0.05
    first = {one.person: one for one in reversed(moved)}
    again = {one.person: one for one in reversed(same)}
    assert all(first[person].before == again[person].before for person in first)


def test_nobody_is_decided_for_more_often_than_a_person_may_be() -> None:
    found = list(outcomes(lived(60, 6, 0.0), EACH, Random(6)))
    counts = {person: [one for one in found if one.person == person] for person in range(60)}
    assert max(len(one) for one in counts.values()) <= MOST
    assert min(one.week for one in found) >= HORIZON


def test_team_shares_one_draw_a_week_when_chance_holds_out_teams() -> None:
    found = list(outcomes(lived(60, 6, 0.0), Row(60, 0.5, by_team=True), Random(6)))
    held = {one.draw: one.held for one in found}
    assert len(held) < len(found)
    assert all(one.held is held[one.draw] for one in found)
    assert set(held.values()) == {True, False}


@pytest.mark.parametrize(("shift", "helps"), [(0.0, False), (3.0, True)])
def test_look_says_that_a_message_helps_when_it_does(shift: float, helps: bool) -> None:
    found = look(list(outcomes(lived(300, 7, shift), EACH, Random(7))), 0.5)
    assert found.helps is helps
    assert found.before_after  # whoever is furthest out is closer to the middle next time
    assert abs(found.mean - found.true) < found.reach
