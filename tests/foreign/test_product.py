"""What staff get of a running campaign, and what they see on the Home page, in a foreign Slack."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import update

from bot.conversation import Conversation
from bot.slack.client import connect
from bot.slack.home import Homes
from bot.slack.messenger import SlackMessenger
from bot.slack.people import People
from bot.slack.rendering import Rendering
from bot.slack.talkers import Talkers
from bot.tokens import Tokens
from campaigns.domain.messages import Action, Event, Tap
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import deliveries, people
from campaigns.storage.vault import Vault, new_key
from tests.foreign.server import Foreign
from tests.scene import VAULT, Scene


@dataclass
class Agency:
    """A running campaign whose one member of staff has an account in the foreign Slack."""

    scene: Scene
    person: Person
    client: WebClient
    messenger: SlackMessenger

    def shown(self) -> list[dict[str, Any]]:
        """The person's conversation with the bot, oldest first."""
        with self.scene.database.read() as c:
            channel = directory.person(c, self.person.id).slack_channel
        told = self.client.conversations_history(channel=str(channel), limit=100)
        return list(reversed(told["messages"]))

    def send(self, delivery: Delivery) -> None:
        """It goes out now."""
        with self.scene.database.write() as c:
            row = update(deliveries).where(deliveries.c.id == delivery.id)
            c.execute(row.values(state="pending", sent_at=None, due_at=self.scene.now))
        deliver_due(self.scene.database, self.messenger, compose, self.scene.now)


@pytest.fixture
def agency(foreign: Foreign, sqlite_database: Database, now: datetime) -> Agency:
    scene = Scene(sqlite_database, now)
    person = scene.person("P1")
    account = next(one for one in foreign.users() if one.email == "bea@agency.example")
    with sqlite_database.write() as c:
        known = update(people).where(people.c.id == person.id)
        c.execute(known.values(slack_id=account.id, email="bea@agency.example"))
        person = directory.person(c, person.id)
    messenger = foreign.messenger(sqlite_database, now)
    return Agency(scene, person, connect(foreign.settings()), messenger)


def test_a_campaigns_messages_arrive_and_a_pulse_goes_on_in_its_place(agency: Agency) -> None:
    scene = agency.scene
    agency.send(scene.put(agency.person, "vision", Kind.VISION))
    agency.send(scene.pulse(agency.person))
    before = agency.shown()
    assert ["One portal" in one["text"] for one in before] == [True, False]
    assert "I feel ready for the portal." in before[-1]["text"]

    conversation = Conversation(scene.database, VAULT, agency.messenger, lambda: scene.now)
    pulse = scene.outbox(agency.person)[1]
    conversation.handle(Event(agency.person.id, pulse.key, Tap(Action.ANSWER, "ready", "2")))
    after = agency.shown()
    assert len(after) == len(before)
    assert "What is in your way?" in after[-1]["text"]
    assert agency.messenger.find(agency.person, pulse.key) == pulse.external_id


def test_the_home_page_is_published_and_published_anew(
    agency: Agency, caplog: pytest.LogCaptureFixture
) -> None:
    scene = agency.scene
    agency.send(scene.put(agency.person, "vision", Kind.VISION))
    agency.send(scene.pulse(agency.person))
    publish(agency, "")
    publish(agency, "a page of yesterday")  # a conflict: it is made anew
    assert "was not published" not in caplog.text
    with pytest.raises(SlackApiError, match="hash_conflict"):  # so there is one
        agency.client.views_publish(
            user_id=str(agency.person.slack_id), view={"type": "home", "blocks": []}, hash="another"
        )


def publish(agency: Agency, seen: str) -> None:
    """The person's page is there; they saw that one before."""
    scene, talkers = agency.scene, Talkers(1)
    homes = Homes(
        agency.client,
        scene.database,
        Vault([new_key()]),
        People(scene.database),
        Rendering(Tokens(["s" * 40], 30, lambda: scene.now)),
        frozenset({agency.person.email}),
        None,
        lambda: scene.now,
        talkers,
    )
    homes.publish(str(agency.person.slack_id), seen)
    talkers.stop()
