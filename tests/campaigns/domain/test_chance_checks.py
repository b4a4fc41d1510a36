"""What a rule leaves to chance is refused where none may be, and where nothing is to choose."""

from typing import Any

import pytest
from pydantic import ValidationError

from campaigns.domain.definition import Rule
from tests.campaigns.domain.drafts import course, only, plain, pulse, remarks, ruled, scale, words
from tests.scene import definition

LEARN = {"when": {"barrier": ["knowledge"]}}


def test_check_says_which_of_several_variants_is_none() -> None:
    found = only(ruled(LEARN | {"send": ["course", "curse"]}))
    assert found == (
        'error campaign.rules[1].send[2]: no touchpoint of kind follow_up is called "curse"; '
        'did you mean "course"?'
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"holdout": 0.2}, "error campaign.rules[2].holdout: help is held out from nobody"),
        ({"send": ["care", "course"], "choose": "adaptive"}, "error campaign.rules[2].choose: "),
    ],
)
def test_check_refuses_chance_where_a_rule_sends_help(rule: dict[str, Any], expected: str) -> None:
    touchpoints = [pulse(questions=["ready", "why"]), course(), course(key="care", purpose="help")]
    asked = [scale(), words()]
    whole = {"key": "care", "send": "care"} | LEARN | rule
    rules = [{"key": "other", "when": {"stance": ["neutral"]}, "send": "course"}, whole]
    assert only(plain(questions=asked, touchpoints=touchpoints, rules=rules)).startswith(expected)


@pytest.mark.parametrize("more", [{"choose": "adaptive"}, {"holdout": 0, "holdout_by": "team"}])
def test_check_warns_of_chance_that_has_nothing_to_choose(more: dict[str, Any]) -> None:
    key = list(more)[-1]
    assert only(ruled(LEARN | more)).startswith(f"warning campaign.rules[1].{key}: ")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"holdout": 1}, "holdout"),
        ({"send": []}, "send"),
        ({"send": ["a", "a"]}, 'the follow-up "a" stands here twice'),
        ({"trend": "up"}, "trend"),
    ],
)
def test_rule_refuses_what_chance_can_not_do(rule: dict[str, Any], expected: str) -> None:
    whole = {"key": "r", "when": {"stance": ["neutral"]}, "send": "a"} | rule
    with pytest.raises(ValidationError, match=expected):
        Rule.model_validate(whole)


def test_check_says_which_variant_lacks_a_language() -> None:
    both = {"title": {"en": "Talk", "de": "Gespräch"}, "text": {"en": "Come", "de": "Kommt"}}
    alone = course("film") | both | {"text": {"en": "Watch"}}
    content = definition(
        touchpoints=[pulse(questions=["ready", "why"]), course("talk") | both, alone],
        rules=[LEARN | {"key": "learn", "send": ["talk", "film"]}],
    )
    [found] = [one for one in remarks(content) if "touchpoints[3]" in one]
    assert "de" in found
