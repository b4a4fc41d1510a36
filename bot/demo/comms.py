"""The invented comms team tells something back in the demo; what was said last is left to you."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from campaigns.domain.ledger import Course, Decision, Entry, Voice
from campaigns.flows.deciding import Author, Draft, entries, heard, write
from campaigns.flows.telling_back import tell
from campaigns.storage import campaigns, directory
from campaigns.storage.database import Database

FILE = Path(__file__).parent / "decisions.yaml"
OWNER = "P0001"  # the director
LEFT_TO_YOU = 5  # the last period of the demo, counted from 0
COMMS = Author("comms team")


class Comms:
    """People who decide, when a period is published, about a theme that everybody is heard with."""

    def __init__(self, database: Database, campaign: str) -> None:
        self._database, self._campaign = database, campaign
        self._left: list[dict[str, Any]] = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))

    def look(self, now: datetime) -> None:
        """Something is told back of the newest period, if nothing was."""
        said, known = self._heard()
        period = said[0].period if said else LEFT_TO_YOU
        if period == LEFT_TO_YOU or any(one.voice.period == period for one in known):
            return
        newest = [one for one in said if one.period == period]
        fitting = (
            (one, what) for one in newest for what in self._left if one.theme == what["theme"]
        )
        found = next(fitting, None)
        if found is not None:
            self._tell(*found, now)

    def _heard(self) -> tuple[list[Voice], list[Entry]]:
        """What everybody is heard with, newest first, and what was decided."""
        with self._database.read() as c:
            launched = campaigns.by_key(c, self._campaign)
            roots = {None, *directory.tree(c).children(None)}
            said = [one for one in heard(c, launched, COMMS) if one.node in roots]
            return said, entries(c, launched, COMMS)

    def _tell(self, voice: Voice, what: dict[str, Any], now: datetime) -> None:
        self._left.remove(what)
        due_on = now.date() + timedelta(days=what["days"])
        draft = Draft(voice.key, Decision(Course.PLANNED, what["text"], due_on), OWNER)
        write(self._database, self._campaign, draft, COMMS, now)
        entry = next(one for one in self._heard()[1] if one.voice == voice)
        tell(self._database, self._campaign, entry.id, entry.version, COMMS, now)
