"""A holdout that can prove nothing is told before the launch, with what can be done."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest

from campaigns.domain.proof_checks import needed, proof_remarks
from tests.sending import campaign, pulse, vision

MONDAY = date(2027, 1, 11)
WHY = {"key": "why", "kind": "text", "prompt": "Why?"}
TALK = {"kind": "follow_up", "key": "talk", "title": "T", "text": "T", "purpose": "talk"}
AGAINST = {"stance": ["resistant"]}
WEEKLY = pulse(cron="0 9 * * 1", times=26) | {"questions": ["why"]}
OFTEN = {"at_most": 20, "pause_days": 0}


def told(sizes: Collection[int], *rules: dict[str, Any], asks: dict[str, Any] = WEEKLY) -> str:
    usual = {"key": "against", "when": AGAINST, "send": "talk", **OFTEN}
    every = [usual | {"key": f"r{n}"} | rule for n, rule in enumerate(rules)]
    content = campaign(asks, TALK, rules=every, questions=[WHY])
    found = [one.message for one in proof_remarks(content, MONDAY, MONDAY, sizes)]
    return found[0] if found else ""


def test_holdout_of_a_small_audience_is_remarked_with_what_to_do() -> None:
    message = told([10] * 20, {})
    assert "with 200 people and pulses until 2027-07-05" in message
    assert f'"r0" 134 of {needed(0.1):,}' in message
    for way in ("Reach more people", "holdout: 0.5", "holdout: 0,", "cannot tell yet"):
        assert way in message


def test_only_what_can_not_be_proven_is_named_the_nearest_first() -> None:
    rare = {"when": {**AGAINST, "theme": ["workload"]}}
    message = told([50] * 60, {}, rare, {**rare, "at_most": 1}, {**rare, "holdout": 0})
    assert "whether 2 of its rules helps" not in message
    assert "whether 2 of its rules help" in message
    assert '"r0"' not in message
    assert message.index('"r1"') < message.index('"r2"')
    assert '"r3"' not in message


def test_nothing_is_remarked_without_a_holdout_without_people_or_with_enough() -> None:
    assert told([10] * 20, {"holdout": 0}) == ""
    assert told([], {}) == ""
    assert told([50] * 60, {"holdout": 0.5}) == ""
    assert list(proof_remarks(campaign(vision()), MONDAY, MONDAY, [50])) == []


def test_a_question_that_is_not_there_is_left_to_others() -> None:
    assert '"r0" 0 of' in told([20] * 10, {}, asks=WEEKLY | {"questions": ["whi"]})


@pytest.mark.parametrize(
    "less",
    [
        {"at_most": 1},
        {"pause_days": 90},
        {"when": {"stance": ["resistant"], "barrier": ["awareness"]}},
        {"when": {"stance": ["resistant"], "trend": ["worse"]}},
        {"when": {"silence_pulses": 10}},
        {"holdout": 0.05},
        {"holdout_by": "team"},
    ],
)
def test_a_rule_that_fits_seldom_or_weighs_less_is_farther_from_a_proof(
    less: dict[str, Any],
) -> None:
    message = told([40] * 10, {}, less)
    assert message.index('"r0"') < message.index('"r1"')


def test_a_last_pulse_proves_nothing_and_a_part_asked_proves_less() -> None:
    once = pulse() | {"questions": ["why"]}
    assert '"r0" 0 of' in told([20] * 10, {}, asks=once)
    part = told([20] * 10, {}, asks=WEEKLY | {"ask": {"one_in": 4}})
    assert int(part.split('"r0" ')[1].split(" ")[0]) < 60


def test_gap_is_met_only_where_a_competence_is_asked_about() -> None:
    assert '"r0" 0 of' in told([20] * 10, {"when": {"gap": True}})
