"""The ready campaigns that come with Bellwether, as the command line and the pages offer them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import campaigns
from campaigns.errors import NotFoundError

_FOLDER = Path(campaigns.__file__).parent / "playbooks"


@dataclass(frozen=True, slots=True)
class Ready:
    """A playbook by its key: the concern it is for, what it does in a line, its languages."""

    key: str
    concern: str
    summary: str
    languages: tuple[str, ...]


@cache
def ready() -> tuple[Ready, ...]:
    """All playbooks, by key."""
    from campaigns.domain.reading import read

    found = []
    for key, file in _files().items():
        definition = read(file.read_bytes(), file.name)
        about = definition.playbook
        if about is not None:
            found.append(Ready(key, about.concern, about.summary, definition.campaign.languages))
    return tuple(found)


def source(key: str) -> str:
    """The text of that playbook's file. Raises NotFoundError."""
    from campaigns.domain.remarks import closest

    known = _files()
    if key not in known:
        raise NotFoundError(f'There is no playbook "{key}"{closest(key, known)}')
    return known[key].read_text(encoding="utf-8")


def _files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(_FOLDER.glob("*.yaml"))}
