"""An agency and whoever wants to find out more: every page, file and message that managers see.

Two agencies that differ in one secret are played the same way; where everything the attacker has
seen is the same to the byte, no eye for order, length or status can tell them apart.
"""

import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from campaigns.flows import greeting
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.watching import close_periods
from campaigns.storage import directory, mailbox
from campaigns.storage.database import Database
from sentiment.watch import TeamDetector
from tests.agency import Agency, Mood
from tests.bot.web.stage import around
from tests.scene import VAULT

KEY = "portal-2027"
PATHS = ("", "/updates", "/updates?mark=x&seen=y", "/figures.csv", "/questions", "/ledger")
# What no two pages have in common: tokens against forged forms, and opaque keys.
_BY_CHANCE = re.compile(r'(?<=name="csrf_token" value=")[^"]+|\b[0-9a-f]{32}\b')

Said = Callable[[int, int], Mood | None]


class World:
    """An agency whose closes and looks are kept: `seen` has all that was ever shown."""

    def __init__(self, database: Database, launched_at: datetime, sizes: list[int]) -> None:
        self.agency = Agency(database, launched_at, sizes)
        self.stage = around(database, launched_at)
        self.client = self.stage.app().test_client()
        self.seen: list[str] = []

    def lives(self, *said: Said) -> "World":
        """One period after the other, everybody asked on its second day; looked at after each."""
        for period, mood in enumerate(said):
            self.agency.pulse(self.starts_at(period) + timedelta(days=1), mood)
            self.close(period)
        return self

    def starts_at(self, period: int) -> datetime:
        return self.agency.launched_at + timedelta(weeks=4 * period)

    def close(self, period: int) -> None:
        now = self.stage.now.moment = self.agency.close_at(period)
        close_periods(self.agency.database, VAULT, TeamDetector(), now)
        self.look()

    def look(self) -> list[str]:
        """Every page, and what stands in every agent's chat and home page; kept in `seen`."""
        now = self.stage.now()
        while deliver_due(self.agency.database, self.stage.messenger, compose, now):
            pass
        shown = [self.page(path) for path in PATHS]
        with self.agency.database.read() as c:
            agents = [directory.person(c, agent) for agent in self.agency.agents]
            for agent in agents:
                shown += [repr(one.message.parts) for one in mailbox.thread(c, agent.id)]
        for agent in agents:
            home = greeting.home(self.agency.database, self.stage.vault, agent, True, None, now)
            shown += [repr(message.parts) for message in home]
        self.seen += shown
        return shown

    def page(self, path: str) -> str:
        """The answer with its status and headers, but for what chance decides."""
        answer = self.client.get(f"/dashboard/{KEY}{path}")
        kept = [(name, value) for name, value in answer.headers if name != "Set-Cookie"]
        return _BY_CHANCE.sub("…", f"{answer.status} {kept}\n{answer.text}")

    def lines(self, team: str) -> list[str]:
        """What the newest page and file say of one team."""
        html, sheet = self.page(""), self.page("/figures.csv")
        row = re.search(rf'<tr class="depth-\d"><th scope="row">{team}</th>.*?</tr>', html, re.S)
        assert row
        return [row[0], *(line for line in sheet.splitlines() if line.startswith(f"{team},"))]


class Worlds:
    """Makes agencies, each in a database of its own."""

    def __init__(self, empty: Path, folder: Path, launched_at: datetime) -> None:
        self._empty, self._folder, self._launched_at = empty, folder, launched_at
        self._open: list[Database] = []

    def __call__(self, *sizes: int) -> World:
        copy = shutil.copy(self._empty, self._folder / f"{len(self._open)}.db")
        self._open.append(Database(f"sqlite:///{copy}"))
        return World(self._open[-1], self._launched_at, list(sizes))

    def close(self) -> None:
        for database in self._open:
            database.close()


def saying(others: Mood, **teams: Any) -> Said:
    """Everybody says the same; of a team such as `T02` the first n say what they are given."""

    def said(team: int, person: int) -> Mood | None:
        moods = teams.get(f"T{team:02}")
        if moods is None:
            return others
        return moods[person] if person < len(moods) else None

    return said
