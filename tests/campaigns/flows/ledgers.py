"""An agency of which themes were published, for tests of the ledger "You said, we did"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import WITHHELD, Cell, from_json
from campaigns.domain.ledger import Course, Decision, Entry, Refused, Voice
from campaigns.flows import deciding, telling_back
from campaigns.flows.deciding import Author, Draft
from campaigns.storage import directory, ledger, outbox, releases
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from sentiment.labels import Theme
from tests.agency import Agency

KEY = "portal-2027"
EVERYBODY = Author()
OVER, TO_COME = date(2020, 5, 4), date(2099, 5, 4)  # by the clock of whoever runs this, too


def cell(*themes: str, picks: Sequence[tuple[str, str]] = ()) -> Cell:
    """A released cell with these themes and choices."""
    plain = {"band": "SOME", "size": "TENS", "shares": None, "rate": None, "barrier": None}
    return from_json({**plain, "themes": list(themes), "picks": picks})


class Heard:
    """Teams T00 to T03 of three in two divisions; North said "workload", and T00 "tools" as well;
    what stands in `now` may be moved."""

    def __init__(self, database: Database, now: datetime, **campaign: Any) -> None:
        self.database, self.now = database, now
        self.agency = Agency(database, now - timedelta(weeks=4), [3, 3, 3, 3], **campaign)
        self.north, self.small = self.agency.divisions[0], self.agency.teams[2]
        self.publish({self.north: cell("workload"), self.agency.teams[0]: cell("tools")})

    def publish(self, shown: Mapping[int, Cell]) -> None:
        with self.database.write() as c:
            tree, campaign_id = directory.tree(c), self.agency.campaign.id
            cells: dict[Node, Cell] = {team: shown.get(team, WITHHELD) for team in tree.teams}
            n = releases.count(c, campaign_id)
            releases.put(c, campaign_id, n, cells, tree, self.now)

    def voice(self, node: int, theme: Theme = Theme.WORKLOAD, period: int = 0) -> Voice:
        return Voice(period, node, theme)

    def draft(self, voice: Voice, owner: str = "", **changes: Any) -> Draft:
        text = {"en": "Two more people at the counter.", "de": "Zwei Leute mehr am Schalter."}
        planned = changes.get("course") is Course.PLANNED
        usual = Decision(Course.DONE, text, TO_COME if planned else OVER)
        return Draft(voice.key, replace(usual, **changes), owner or f"A{self.north}")

    def write(self, voice: Voice, author: Author = EVERYBODY, **changes: Any) -> Refused | None:
        draft = self.draft(voice, **changes)
        return deciding.write(self.database, KEY, draft, author, self.now)

    def change(self, entry: Entry, author: Author = EVERYBODY, **changes: Any) -> Refused | None:
        draft, before = self.draft(entry.voice, **changes), (entry.id, entry.version)
        return deciding.write(self.database, KEY, draft, author, self.now, before)

    def entries(self) -> list[Entry]:
        with self.database.read() as c:
            return ledger.of_campaign(c, self.agency.campaign.id)

    def tell(self, entry: Entry, author: Author = EVERYBODY) -> Refused | None:
        return telling_back.tell(self.database, KEY, entry.id, entry.version, author, self.now)

    def spread(self) -> int:
        return telling_back.spread(self.database, self.now)

    def told(self, person_id: int) -> list[Delivery]:
        with self.database.read() as c:
            return [one for one in outbox.of_person(c, person_id) if one.kind == "told"]

    def agent(self, division: int = 0) -> Author:
        with self.database.read() as c:
            return deciding.as_agent(c, directory.person(c, self.agency.agents[division]))
