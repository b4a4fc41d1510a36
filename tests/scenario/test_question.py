"""A week of questions in a running program, on both databases: every sentence of the promise once.

Two people ask without their names and one with it; the agent answers, publishes one, and lets one
lie, which then reaches the campaign's owner. Everything that the agent and the owner ever got is
looked through for who asked.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clocks import SimulatedClock
from bot.conversation import Conversation
from bot.web.messenger import BrowserMessenger
from campaigns.domain.messages import Action, Event, Message, Outcome, Sealed, Tap, TextBox, dump
from campaigns.domain.people import Person
from campaigns.engine.work import Work
from campaigns.flows.composing import compose
from campaigns.flows.enrolling import import_people
from campaigns.flows.planning import launch
from campaigns.flows.publishing import home
from campaigns.storage import directory, mailbox
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault, new_key
from sentiment.watch import TeamDetector
from tests.fakes import FixedScorer
from tests.scene import definition

MONDAY = datetime(2027, 1, 11, 9, 20, tzinfo=UTC)
ASKED = {
    "Red1": "Which of our forms will be gone by summer?",
    "Red2": "Who trains the evening shift?",
    "Red3": "Can I see the test portal?",
}
NAMED = "Red3"
HOUR = timedelta(hours=1)


class World:
    """Red has twelve people and a change agent; the owner sits elsewhere."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, SimulatedClock(MONDAY)
        self.vault = Vault([new_key()])
        rows = ["id,name,team,time_zone,agent_for", "Agent,Ada Agent,Office,UTC,Red"]
        rows += ["Owner,Olga Owner,Office,UTC,"]
        rows += [f"Red{n},Member{n} Red,Red,UTC," for n in range(12)]
        import_people(database, "\n".join(rows), dry_run=False, skip_bad=False)
        launch(database, definition(key="job", owners=["Owner"]), MONDAY)
        now = self.clock.now
        messenger = BrowserMessenger(database, now)
        self.conversation = Conversation(database, self.vault, messenger, now)
        self.work = Work(database, messenger, compose, FixedScorer, self.vault, TeamDetector(), now)

    def live(self, hours: float, step: timedelta = HOUR) -> None:
        """So many hours go by, in which the program looks for work at every step."""
        until = self.clock.now() + timedelta(hours=hours)
        while self.clock.now() < until:
            self.clock.move_to(min(until, self.clock.now() + step))
            for job in self.work.jobs.values():
                while job():
                    pass

    def person(self, external_id: str) -> Person:
        with self.database.read() as c:
            return directory.person_by_external_id(c, external_id)

    def thread(self, external_id: str) -> list[mailbox.Posted]:
        with self.database.read() as c:
            return mailbox.thread(c, self.person(external_id).id)

    def press(
        self, external_id: str, message: Message, tap: Tap, text: str = "", choice: str = ""
    ) -> Outcome:
        person = self.person(external_id)
        return self.conversation.handle(Event(person.id, message.key, tap, text, choice))

    def words(self, external_id: str, message: Message, which: str) -> str:
        part = next(p for p in message.parts if isinstance(p, Sealed) and p.tap.question == which)
        return self.press(external_id, message, part.tap).words


def tap_of(message: Message, action: Action) -> Tap | None:
    """What the form with that meaning below the message does, where it has one."""
    forms = [part.tap for part in message.parts if isinstance(part, TextBox)]
    return next((tap for tap in forms if tap.action is action), None)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_a_week_of_questions_end_to_end(world: World) -> None:
    """One life of the team, looked at from every side."""
    world.live(2)
    _everybody_can_ask(world)
    world.live(7)
    _the_agent_answers_two(world)
    world.live(24)
    _each_asker_has_their_own_answer(world)
    world.live(24 * 6, step=5 * HOUR)
    _what_lay_is_with_the_owner(world)
    _nobody_learned_who_asked(world)


def _everybody_can_ask(world: World) -> None:
    for external_id, words in ASKED.items():
        (vision,) = (one.message for one in world.thread(external_id)[:1])
        tap = tap_of(vision, Action.ASK)
        assert tap is not None
        choice = "named" if external_id == NAMED else "unnamed"
        assert "goes out" in world.press(external_id, vision, tap, words, choice).toast


def _the_agent_answers_two(world: World) -> None:
    received = [one for one in world.thread("Agent") if tap_of(one.message, Action.REPLY)]
    by_words = {world.words("Agent", one.message, "question"): one for one in received}
    assert set(by_words) == set(ASKED.values())
    for external_id in ("Red1", "Red2"):
        posted = by_words[ASKED[external_id]]
        assert posted.posted_at.date() == MONDAY.date()
    for external_id in ("Red1", NAMED):
        message = by_words[ASKED[external_id]].message
        tap = tap_of(message, Action.REPLY)
        assert tap is not None
        answered = world.press("Agent", message, tap, f"About {external_id[-1]}: yes.")
        assert answered.message is not None
        publish = tap_of(answered.message, Action.PUBLISH)
        if external_id == "Red1" and publish is not None:
            world.press("Agent", answered.message, publish, "What becomes of old forms?")


def _each_asker_has_their_own_answer(world: World) -> None:
    for external_id in ("Red1", NAMED):
        reply = world.thread(external_id)[-1].message
        assert "Ada Agent has answered you." in reply.fallback_text
        assert world.words(external_id, reply, "answer") == f"About {external_id[-1]}: yes."
        assert world.words(external_id, reply, "question") == ASKED[external_id]
    assert not any("has answered you" in dump(one.message) for one in world.thread("Red2"))
    with world.database.read() as c:
        (faq,) = home(c, world.vault, world.person("Red7"))
    assert "What becomes of old forms?\n\nAbout 1: yes." in faq.fallback_text


def _what_lay_is_with_the_owner(world: World) -> None:
    lay = [one.message for one in world.thread("Owner") if tap_of(one.message, Action.REPLY)]
    (message,) = lay
    assert "no answer for 3 working days" in message.fallback_text
    assert world.words("Owner", message, "question") == ASKED["Red2"]


def _nobody_learned_who_asked(world: World) -> None:
    for reader in ("Agent", "Owner"):
        for posted in world.thread(reader):
            text = dump(posted.message)
            for external_id in set(ASKED) - {NAMED}:
                assert external_id not in text
                assert world.person(external_id).name not in text
            for words in ASKED.values():
                assert words not in text
