"""Rules that can't fire, or say the same twice to one person, are found with their place."""

from itertools import product
from typing import Any

import pytest
from pydantic import BaseModel

from campaigns.domain.definition import Definition, FollowUp, Rule, Trigger
from campaigns.domain.followup import NOTHING, decide, decide_silence
from campaigns.domain.texts import KEY
from sentiment.labels import Barrier, Stance, Theme
from tests.campaigns.domain.drafts import NOW, course, only, plain, pulse, remarks, scale, words
from tests.fakes import a_score

ONCE = {"days_after_launch": 0}
TIRELESS = {"at_most": 20, "pause_days": 7}


def ruled(*rules: dict[str, Any], **changes: Any) -> Definition:
    keyed = [{"key": f"r{index}", "send": "course"} | rule for index, rule in enumerate(rules)]
    texts = {"title": "T", "kind": "follow_up", "purpose": "training"}
    sent = sorted({rule["send"] for rule in keyed})
    asked = pulse(questions=["ready", "why"], **changes)
    touchpoints = [asked, *({"key": key, "text": key, **texts} for key in sent)]
    return plain(questions=[scale(), words()], touchpoints=touchpoints, rules=keyed)


def when(**trigger: Any) -> dict[str, Any]:
    return {"when": trigger}


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ([when(barrier=["knowledge"]) | TIRELESS], when(barrier=["knowledge"])),
        ([when(barrier=["knowledge"]) | TIRELESS], when(barrier=["knowledge"], theme=["tools"])),
        (
            [when(stance=[one]) | TIRELESS for one in ("resistant", "ambivalent")]
            + [when(stance=["neutral", "supportive"]) | TIRELESS],
            when(theme=["vision"]),
        ),
        ([when(silence_pulses=1) | TIRELESS], when(silence_pulses=2)),
    ],
)
def test_check_finds_a_rule_that_the_ones_above_leave_nothing_for(
    earlier: list[dict[str, Any]], later: dict[str, Any]
) -> None:
    rules = [one | {"send": f"s{index}"} for index, one in enumerate(earlier)]
    found = only(ruled(*rules, later))
    names = ", ".join(f'"r{index}"' for index in range(len(earlier)))
    place = f"warning campaign.rules[{len(earlier) + 1}].when"
    assert found == (
        f"{place}: this rule never fires: whatever fits it goes to {names} above, which is never "
        "used up"
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (when(barrier=["knowledge"]), when(barrier=["knowledge"])),  # used up after one
        (when(barrier=["knowledge"]) | TIRELESS, when(barrier=["knowledge", "ability"])),
        (
            when(barrier=["knowledge"]) | TIRELESS | {"pause_days": 28},
            when(barrier=["knowledge"]),
        ),
        (
            when(barrier=["knowledge"]) | TIRELESS,
            when(barrier=["knowledge"]) | {"after_hours": 300},
        ),
        (when(theme=["tools"]) | TIRELESS, when(stance=["resistant"])),
        (when(silence_pulses=2) | TIRELESS, when(silence_pulses=1)),
    ],
)
def test_check_says_nothing_of_a_rule_that_gets_its_turn(
    earlier: dict[str, Any], later: dict[str, Any]
) -> None:
    assert remarks(ruled(earlier, later | {"send": "talk"})) == []


def test_rule_that_is_said_never_to_fire_never_does() -> None:
    """The real decision, for every answer: the shadowed rule is at no moment the first allowed."""
    content = ruled(
        when(barrier=["knowledge"]) | TIRELESS,
        when(barrier=["knowledge"], theme=["tools"]) | {"send": "talk"},
    )
    assert "never fires" in only(content)
    for stance, barrier, theme in product(Stance, Barrier, Theme):
        decision = decide(content, a_score(stance, barrier, (theme,)), NOTHING, NOW)
        assert decision is None or decision.rule == "r0"


def test_check_finds_two_rules_that_send_one_person_the_same() -> None:
    narrow, wide = when(barrier=["ability"]), when(barrier=["ability", "knowledge"])
    for first, second in ((narrow, wide), (wide, narrow)):
        found = only(ruled(first, second))
        assert found.startswith(
            'warning campaign.rules[2]: whoever gets "course" from the rule "r0" above gets it'
        )
    quiet = (when(silence_pulses=2), when(silence_pulses=3))
    assert 'from the rule "r0" above' in only(ruled(*quiet))


def test_check_finds_a_first_rule_that_leaves_nothing_over_where_words_are_asked_for_once() -> None:
    rules = (when(theme=["tools"]), when(theme=["tools"]) | {"send": "talk"})
    assert "which is never used up" in only(ruled(*rules, when=ONCE))


def test_check_warns_of_stance_and_barrier_that_hardly_stand_together() -> None:
    assert only(ruled(when(stance=["resistant"], barrier=["none"]))) == (
        "warning campaign.rules[1].when: this rule will hardly ever fire: fewer than one answer "
        "in 1,000 has this stance together with this barrier"
    )


def test_check_finds_a_silence_that_is_longer_than_anybody_knows_who_answered() -> None:
    rare = {"every_days": 84, "first_after_days": 0, "times": 4}
    found = only(ruled(when(silence_pulses=4), when=rare))
    assert found.endswith("(campaign.confidentiality.period_weeks)")
    assert "this rule never fires: 4 pulses take longer than the 32 weeks" in found
    assert remarks(ruled(when(silence_pulses=3), when=rare)) == []


def keys_named_in(part: type[BaseModel]) -> set[str]:
    """The fields in which a key of the file can stand."""
    fields = part.model_json_schema()["properties"]
    return {name for name, field in fields.items() if repr(KEY) in repr(field)}


def test_follow_ups_can_lead_to_no_follow_up() -> None:
    """A cycle can't be written: only a rule names a follow-up, what a rule rests on names nothing,
    and neither a follow-up nor a reminder leads on to anything but the pulse it reminds of."""
    assert keys_named_in(Rule) == {"key", "send"}
    assert keys_named_in(Trigger) == set()
    assert keys_named_in(FollowUp) == {"key"}
    about_follow_up = plain(
        questions=[scale()],
        touchpoints=[
            pulse(),
            {"kind": "follow_up", "key": "course", "title": "C", "text": "C", "purpose": "why"},
            {"kind": "reminder", "key": "again", "title": "A", "text": "A"}
            | {"when": {"pulse": "course", "days": 2}},
        ],
    )
    assert any("no touchpoint of kind pulse" in one for one in remarks(about_follow_up))


def test_silence_decision_is_the_one_that_the_check_looks_at() -> None:
    content = ruled(when(silence_pulses=1) | TIRELESS, when(silence_pulses=2) | {"send": "talk"})
    decided = [decide_silence(content, n, NOTHING, NOW) for n in range(1, 11)]
    assert {one.rule for one in decided if one} == {"r0"}


VARIANTS = {"key": "r0", "when": {"theme": ["tools"]}, "send": ["course", "talk"]}


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        (["talk", "course"], "this says the same as"),
        (["talk"], 'whoever gets "talk" from'),
        (["copy"], 'whoever gets "copy" from'),  # the words of "course" under another key
        (["other"], None),
    ],
)
def test_check_finds_two_rules_that_send_one_person_the_same_among_variants(
    send: list[str], expected: str | None
) -> None:
    keys = {"course": "Come", "talk": "Let's talk", "copy": "Come", "other": "Something else"}
    later = {"key": "r1", "when": {"theme": ["tools", "training"]}, "send": send}
    if expected == "this says the same as":
        later["when"] = VARIANTS["when"]
    content = plain(
        questions=[scale(), words()],
        touchpoints=[
            pulse(questions=["ready", "why"]),
            *(course(key, text=text) for key, text in keys.items()),
        ],
        rules=[VARIANTS, later],
    )
    found = [one for one in remarks(content) if "no rule sends" not in one]
    assert len(found) == bool(expected)
    assert all(str(expected) in one for one in found)


def test_check_says_which_rule_hardly_anybody_is_asked_often_enough_for() -> None:
    assert only(ruled(when(trend=["worse"]), when=ONCE)).startswith(
        "warning campaign.rules[1].when: this rule will hardly ever fire: a trend shows in answers "
        "to 3 pulses, and most people get 1"
    )
    assert remarks(ruled(when(trend=["worse"]))) == []
    assert only(ruled(when(silence_pulses=3), ask={"one_in": 3})) == (
        "warning campaign.rules[1].when: this rule will hardly ever fire: a part of each team is "
        "asked a time, so most people get 2 pulses"
    )
