"""Campaigns as an author drafts them, part by part, and what is remarked on them."""

from datetime import UTC, datetime
from typing import Any

from campaigns.domain.checking import check
from campaigns.domain.definition import Definition
from tests.scene import definition

NOW = datetime(2027, 1, 11, 6, 0, tzinfo=UTC)


def plain(**campaign: Any) -> Definition:
    """The small agency's campaign with only the touchpoints, questions and rules given."""
    return definition(**{"languages": ["en"], "questions": [], "rules": [], **campaign})


def vision(key: str = "hello", **changes: Any) -> dict[str, Any]:
    when = {"days_after_launch": 0}
    return {"kind": "vision", "key": key, "when": when, "title": "Hi", "text": "Why"} | changes


def pulse(key: str = "pulse", **changes: Any) -> dict[str, Any]:
    when = {"cron": "0 10 * * 2", "times": 4}
    asked = {"title": "How?", "questions": ["ready"]}
    return {"kind": "pulse", "key": key, "when": when, **asked} | changes


def scale(key: str = "ready", **changes: Any) -> dict[str, Any]:
    return {"key": key, "kind": "scale", "prompt": "I am ready."} | changes


def stakeholder(key: str = "mayor", **changes: Any) -> dict[str, Any]:
    known = {"name": "Mayor’s office", "kind": "government", "channel": "A call"}
    return {"key": key, **known, "interest": "low", "influence": "low"} | changes


def with_register(content: Definition, *entries: dict[str, Any]) -> Definition:
    """The same with that register of stakeholders."""
    value = content.model_dump(mode="json", exclude_unset=True)
    value["initiative"]["stakeholders"] = list(entries)
    return Definition.model_validate(value)


def choice(key: str = "what", **changes: Any) -> dict[str, Any]:
    options = [{"key": "time", "label": "Time"}, {"key": "room", "label": "Room"}]
    return {"key": key, "kind": "choice", "prompt": "What?", "options": options} | changes


def words(key: str = "why", **changes: Any) -> dict[str, Any]:
    return {"key": key, "kind": "text", "prompt": "Why?"} | changes


def course(key: str = "course", **changes: Any) -> dict[str, Any]:
    texts = {"title": "Course", "text": "Come", "purpose": "training"}
    return {"kind": "follow_up", "key": key, **texts} | changes


def ruled(*rules: dict[str, Any], **changes: Any) -> Definition:
    """A campaign with those rules, one pulse and one follow-up."""
    keyed = [{"key": f"r{index}", "send": "course"} | rule for index, rule in enumerate(rules)]
    questions = changes.pop("questions", [scale(), words()])
    asked = [question["key"] for question in questions]
    touchpoints = [pulse(questions=asked), course()]
    return plain(questions=questions, touchpoints=touchpoints, rules=keyed)


def remarks(content: Definition, **known: Any) -> list[str]:
    return [f"{one.severity} {one}" for one in check(content, NOW, **known)]


def only(content: Definition, **known: Any) -> str:
    found = remarks(content, **known)
    assert len(found) == 1, found
    return found[0]
