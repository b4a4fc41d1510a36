"""Whoever is in need decides whether somebody is told; who is told learns that and nothing more."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaigns.domain.messages import Action, Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.flows import auditing, planning, preferring, reaching
from campaigns.flows.answering import Refusal
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.forgetting import forget
from campaigns.flows.retention import erase_aged
from campaigns.storage import directory, holdings, outbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import deliveries
from tests.fakes import FixedScorer, RecordingMessenger
from tests.scene import NEED, VAULT, Scene, definition, event, rows, score, write

CONTACT = "S1"


class Need:
    """A person whose words sound like need, and the contact whom the campaign names."""

    def __init__(self, database: Database, now: datetime, scorer: FixedScorer) -> None:
        self.scene = Scene(database, now, definition(safeguarding_contact=CONTACT))
        self.contact = self.scene.person(CONTACT, name="Salma Sorge")
        self.person = self.scene.person("P1", name="Pia Pond", email="pia@agency.example")
        write(self.scene, self.person, NEED)
        score(self.scene, scorer)
        self.messenger = RecordingMessenger()
        self.deliver()

    def deliver(self) -> None:
        deliver_due(self.scene.database, self.messenger, compose, self.scene.now)

    @property
    def help(self) -> Delivery:
        (found,) = [one for one in self.scene.outbox(self.person) if one.kind is Kind.HELP]
        return found

    def told(self) -> list[Delivery]:
        found = self.scene.outbox(self.contact)
        return [one for one in found if one.kind is Kind.CONTACT]

    def reads(self, delivery: Delivery) -> Message:
        with self.scene.database.read() as c:
            return compose(c, delivery, self.scene.now)

    def agree(self, by: Person | None = None) -> Refusal | None:
        press = event(self.help, Action.REACH, person_id=by.id if by else None)
        return reaching.agree(self.scene.database, press, self.scene.now)


@pytest.fixture
def need(database: Database, now: datetime, scorer: FixedScorer) -> Need:
    return Need(database, now, scorer)


def test_nobody_is_told_until_the_person_agrees(need: Need) -> None:
    text = need.reads(need.help).fallback_text
    assert "Staff counselling" in text
    assert "Salma Sorge would get in touch with you." in text
    assert need.help.state is State.SENT
    assert need.told() == []
    assert list(auditing.every(need.scene.database)) == []


def test_contact_is_told_once_who_asks_and_how_to_reach_them(need: Need) -> None:
    assert [need.agree(), need.agree()] == [None, None]
    need.deliver()
    (told,) = need.told()
    assert told.state is State.SENT
    message = need.reads(told)
    for line in ("Pia Pond", "Permits", "pia@agency.example"):
        assert line in message.fallback_text
    for trace in (NEED, "program", "sounded", "resistant", "help"):
        assert trace not in message.fallback_text.replace("would help", "")
    assert message.importance == "normal"  # what agents are shown as an alert is in the audit log


def test_receipt_says_what_was_agreed_to(need: Need) -> None:
    need.agree()
    message = need.reads(need.help)
    assert "You asked Salma Sorge to get in touch with you." in message.fallback_text
    assert "nobody was told what you wrote" in message.fallback_text
    assert "nobody was told: not that" not in message.fallback_text
    assert "Reach" not in str(message.parts)
    with need.scene.database.read() as c:
        assert holdings.of_person(c, need.person.id).n_contacts == 1


def test_another_person_or_another_message_tells_nobody(need: Need) -> None:
    other = need.scene.person("P2")
    assert need.agree(other) is Refusal.UNKNOWN
    press = event(need.scene.pulse(need.person, once="more"), Action.REACH)
    assert reaching.agree(need.scene.database, press, need.scene.now) is Refusal.NOT_ASKED
    assert need.told() == []


def test_nothing_is_offered_when_the_contact_has_left(need: Need) -> None:
    with need.scene.database.write() as c:
        directory.deactivate(c, [need.contact.id])
    assert "Salma" not in need.reads(need.help).fallback_text
    assert need.agree() is Refusal.NOT_ASKED


def test_nothing_is_offered_to_the_contact_themself(need: Need, scorer: FixedScorer) -> None:
    write(need.scene, need.contact, NEED)
    score(need.scene, scorer)
    (own,) = [one for one in need.scene.outbox(need.contact) if one.kind is Kind.HELP]
    assert "would get in touch" not in need.reads(own).fallback_text


def test_contact_is_told_though_the_campaign_is_stopped_and_they_rest(need: Need) -> None:
    preferring.pause(need.scene.database, need.contact.id, 28, need.scene.now)
    planning.stop(need.scene.database, need.scene.campaign.key, need.scene.now)
    assert need.agree() is None
    need.deliver()
    assert [one.state for one in need.told()] == [State.SENT]


def test_request_goes_with_the_message_it_was_made_under(need: Need) -> None:
    need.agree()
    need.deliver()
    assert forget(need.scene.database, VAULT, need.person.id) is not None
    assert need.told() == []


def test_request_is_erased_by_age(need: Need) -> None:
    need.agree()
    need.deliver()
    erase_aged(need.scene.database, need.scene.now + timedelta(days=366))
    kinds = {one.kind for one in rows(need.scene, deliveries)}
    assert kinds.isdisjoint({Kind.CONTACT, Kind.HELP})


def test_counts_are_the_same_whether_somebody_agreed_or_not(need: Need) -> None:
    def counts() -> object:
        with need.scene.database.read() as c:
            return outbox.counts(c, need.scene.campaign.id)

    before = counts()
    need.agree()
    need.deliver()
    assert counts() == before
    with need.scene.database.read() as c:
        here = deliveries.c.campaign_id == need.scene.campaign.id
        contacts = select(func.count()).where(here, deliveries.c.kind == Kind.CONTACT)
        assert c.scalar(contacts) == 0


def test_nothing_is_offered_where_the_campaign_names_nobody(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    scene = Scene(database, now)
    person = scene.person()
    write(scene, person, NEED)
    score(scene, scorer)
    (helped,) = [one for one in scene.outbox(person) if one.kind is Kind.HELP]
    press = event(helped, Action.REACH)
    assert reaching.agree(database, press, now) is Refusal.NOT_ASKED
