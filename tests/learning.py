"""A campaign with a small catalogue of trainings, for tests of what is offered to whom."""

from typing import Any

from campaigns.domain.definition import Definition
from tests.scene import definition

BEHIND = {"key": "behind", "when": {"gap": True}, "send": "course", "after_hours": 2, "holdout": 0}


def training(key: str, level: str = "foundation", **changes: Any) -> dict[str, Any]:
    """A workshop that makes surer in data."""
    content = {"key": key, "title": f"About {key}", "text": "Call 4420.", "format": "workshop"}
    return content | {"level": level, "competences": ["data"]} | changes


def sure(key: str, competence: str, **changes: Any) -> dict[str, Any]:
    """A question of how sure somebody is."""
    content = {"key": key, "kind": "scale", "prompt": f"How sure are you in {key}?"}
    return content | {"competence": competence} | changes


def catalogue(*trainings: dict[str, Any], **changes: Any) -> Definition:
    """Asks about data and about forms; clerks need more than others, and managers nothing."""
    wanted = [{"level": "foundation"}, {"level": "advanced", "roles": ["Clerk", "Caseworker"]}]
    follow_up = {"kind": "follow_up", "key": "course", "title": "A course", "text": "For you."}
    questions = [sure("of-data", "data"), sure("of-forms", "forms")]
    pulse = {"kind": "pulse", "key": "pulse", "title": "How sure?", "questions": ["of-data"]}
    content = {
        "languages": ["en"],
        "competences": [
            {"key": "data", "title": "Protecting data", "wanted": wanted},
            {"key": "forms", "title": "Building forms"},
        ],
        "trainings": list(trainings),
        "questions": questions,
        "touchpoints": [
            pulse | {"questions": ["of-data", "of-forms"], "when": {"cron": "0 9 * * 1"}},
            follow_up | {"purpose": "training"},
        ],
        "rules": [BEHIND],
    }
    return definition(**content | changes)
