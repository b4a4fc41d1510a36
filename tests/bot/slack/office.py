"""An agency whose staff are in Slack: a database, a Slack for tests, Bellwether between them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy import event as events
from sqlalchemy import update

from bot.conversation import Conversation
from bot.settings import Settings
from bot.slack.chat import SlackChat
from bot.slack.client import connect
from bot.slack.messenger import SlackMessenger
from bot.slack.socket import Patience
from bot.tokens import Tokens
from campaigns.domain.definition import Definition
from campaigns.domain.people import Person
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import deliveries, people
from campaigns.storage.vault import Vault, new_key
from tests.scene import Scene
from tests.slack.workspace import Message, View
from tests.slack_server import SlackServer

QUICK = Patience(
    look=0.05,
    hello=2.0,
    silent=30.0,
    farewell=0.2,
    first_wait=0.1,
    longest_wait=1.0,
    ping=0.3,
)
SECRET = "s" * 40
PATIENT = 20.0  # seconds on a busy machine


class Office:
    """What a test does there; people are `P1` with us and `U0P1` in Slack."""

    def __init__(
        self, scene: Scene, slack: SlackServer, patience: Patience = QUICK, **settings: Any
    ) -> None:
        self.scene, self.slack = scene, slack
        chosen = Settings(
            **{
                "secret_key": SecretStr(SECRET),
                "data_keys": SecretStr(new_key()),
                "slack_bot_token": SecretStr(slack.tokens.bot),
                "slack_app_token": SecretStr(slack.tokens.app),
                "slack_api_url": slack.api_url,
                "slack_messages_per_minute": 0,
                "comms_team": "boss@agency.example",
                "_env_file": None,
                **settings,
            }
        )
        self.vault = Vault([chosen.data_keys.get_secret_value()])
        self.tokens = Tokens([SECRET], chosen.token_days, self.now)
        client = connect(chosen)
        self.messenger = SlackMessenger(client, scene.database, self.tokens, {})
        self.conversation = Conversation(
            scene.database,
            self.vault,
            self.messenger,
            self.now,
            chosen.comms_addresses,
            lambda external_id: f"https://change.example/copy/{external_id}",
        )
        self.chat = SlackChat(
            chosen,
            client,
            scene.database,
            self.vault,
            self.tokens,
            self.conversation,
            self.now,
            {},
            patience,
        )

    def now(self) -> datetime:
        return self.scene.now

    def person(self, external_id: str = "P1", **changes: Any) -> Person:
        """Somebody who is in Slack, too."""
        person = self.scene.person(external_id, **changes)
        slack_id = f"U0{external_id}"
        with self.scene.database.write() as c:
            c.execute(update(people).where(people.c.id == person.id).values(slack_id=slack_id))
            return directory.person(c, person.id)

    def deliver(self, delivery: Delivery) -> Message:
        """It goes out now; the message as its person sees it."""
        with self.scene.database.write() as c:
            row = update(deliveries).where(deliveries.c.id == delivery.id)
            c.execute(row.values(state="pending", sent_at=None, due_at=self.now()))
            person = directory.person(c, delivery.person_id)
        deliver_due(self.scene.database, self.messenger, compose, self.now())
        return self.slack.messages(person.slack_id or "")[-1]

    def pulse(self, person: Person, **changes: Any) -> Message:
        """A pulse before the person."""
        return self.deliver(self.scene.pulse(person, **changes))

    def newest(self, person: Person) -> Message:
        """The last message that stays."""
        shown = self.slack.messages(person.slack_id or "")
        return [one for one in shown if not one.only_for][-1]

    def reads(self, person: Person, words: str) -> Message:
        """The newest message of the person's, once it says these words."""
        self.slack.until(lambda: words in self.newest(person).text, PATIENT)
        return self.newest(person)

    def whispered(self, person: Person, words: str) -> None:
        """Waits until the person alone was told so."""
        self.slack.until(
            lambda: any(
                words in one.text
                for one in self.slack.messages(person.slack_id or "")
                if one.only_for
            )
        )

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Nothing can be read or stored for a while."""

        def refuse(_connection: object) -> None:
            raise OSError("no disk")

        events.listen(self.scene.database.engine, "begin", refuse)
        try:
            yield
        finally:
            events.remove(self.scene.database.engine, "begin", refuse)

    def window(self, person: Person) -> View:
        """The window that opens before the person."""
        self.slack.until(lambda: bool(self.slack.views(person.slack_id or "")), PATIENT)
        return self.slack.views(person.slack_id or "")[-1]


@contextmanager
def office(
    database: Database,
    now: datetime,
    *ids: str,
    patience: Patience = QUICK,
    content: Definition | None = None,
    **settings: Any,
) -> Iterator[Office]:
    """An office with these people that listens to Slack."""
    with SlackServer([f"U0{one}" for one in ids]) as slack:
        slack.clock.set(now.timestamp())  # a busy machine lets no trigger run out
        found = Office(Scene(database, now, content), slack, patience, **settings)
        found.chat.start()
        try:
            if found.chat.uses_socket:
                slack.connected()
            yield found
        finally:
            found.chat.stop()
