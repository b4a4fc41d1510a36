"""A team that asks and the agents who answer, for tests of what the latter can learn."""

from datetime import datetime, timedelta
from random import Random

from campaigns.domain.asking import Naming, Refused
from campaigns.domain.messages import Action, Event, Message, Tap
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.flows import asking, publishing, replying
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault, new_key
from tests.fakes import RecordingMessenger
from tests.scene import Scene, definition, event

LATER = timedelta(days=1)  # after every hour that can be drawn, and within everybody's hours
WORDS = "Do I keep my desk by the window when the portal comes?"
ANSWER = "Yes. Nobody moves because of the portal."


class Questioners:
    """People P1 … Pn of a team who all got the vision message, and two agents of theirs."""

    def __init__(self, database: Database, now: datetime, n: int = 3) -> None:
        self.scene = Scene(database, now, definition(owners=["O1"]))
        self.vault = Vault([new_key()])
        self.chance = Random(1)
        self.messenger = RecordingMessenger()
        self.people = [self.scene.person(f"P{i}") for i in range(1, n + 1)]
        self.agents = [self.scene.person(name, name=f"Agent {name}") for name in ("A1", "A2")]
        self.owner = self.scene.person("O1", name="Olga Owner")
        with database.write() as c:
            pairs = [(self.scene.team_id, agent.id) for agent in self.agents]
            directory.replace_agents(c, pairs)
        self.visions = {one.id: self.scene.put(one, "vision", Kind.VISION) for one in self.people}

    def ask(
        self, person: Person, words: str = WORDS, naming: str = Naming.UNNAMED
    ) -> Naming | Refused:
        tap = Tap(Action.ASK)
        form = Event(person.id, self.visions[person.id].key, tap, words, naming)
        database, now = self.scene.database, self.scene.now
        return asking.ask(database, self.vault, form, now, self.chance)

    def move(self, by: timedelta = LATER) -> int:
        """So much later everything that is due has happened; how many questions went on."""
        self.scene.now += by
        n = asking.pass_on(self.scene.database, self.scene.now, self.chance)
        asking.escalate_questions(self.scene.database, self.scene.now)
        while deliver_due(self.scene.database, self.messenger, compose, self.scene.now):
            pass
        return n

    def got(self, person: Person, kind: Kind = Kind.QUESTION) -> list[Delivery]:
        found = [one for one in self.scene.outbox(person) if one.kind is kind]
        return [one for one in found if one.state is State.SENT]

    def reads(self, delivery: Delivery) -> Message:
        with self.scene.database.read() as c:
            return compose(c, delivery, self.scene.now)

    def answer(self, delivery: Delivery, words: str = ANSWER) -> Refused | None:
        form = event(delivery, Action.REPLY, text=words)
        database, now = self.scene.database, self.scene.now
        return replying.answer(database, self.vault, form, now, self.chance)

    def publish(self, delivery: Delivery, words: str) -> Refused | None:
        form = event(delivery, Action.PUBLISH, text=words)
        return publishing.publish(self.scene.database, self.vault, form, self.scene.now)

    def words(self, delivery: Delivery, which: str, reader: Person | None = None) -> str | None:
        press = event(delivery, Action.READ, which, person_id=reader.id if reader else None)
        return replying.words_of(self.scene.database, self.vault, press)
