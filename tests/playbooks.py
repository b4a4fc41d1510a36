"""The playbooks as they come, and as a comms team leaves them: with everything filled in."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import campaigns
from campaigns.domain.definition import Definition
from campaigns.domain.placed_yaml import Places
from campaigns.domain.reading import read_placed
from campaigns.domain.unfilled import PLACEHOLDER

FOLDER = Path(campaigns.__file__).parent / "playbooks"
FILES = sorted(FOLDER.glob("*.yaml"))
NOW = datetime(2027, 1, 13, 7, 0, tzinfo=UTC)

each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@cache
def source(file: Path) -> tuple[Definition, Places]:
    return read_placed(file.read_bytes(), file.name)


@cache
def filled(file: Path) -> Definition:
    """The playbook as a comms team leaves it: every placeholder has become something real."""
    definition = source(file)[0]
    return Definition.model_validate(
        _filled(definition.model_dump(mode="json", exclude_unset=True))
    )


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return PLACEHOLDER.sub("extension 4444", value) if isinstance(value, str) else value
