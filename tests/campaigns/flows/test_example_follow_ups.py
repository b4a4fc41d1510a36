"""The example campaign keeps what it promises: what somebody says decides what they get next.

From words that wait to the message in the chat, with a model that knows its texts by heart.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import Action, Message
from campaigns.domain.outbox import Kind
from campaigns.domain.reading import read
from campaigns.flows import answering, scoring
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Barrier, Score, Stance, Status, Theme
from tests.fakes import Fixed, FixedScorer, RecordingMessenger, a_score
from tests.scene import Scene, event

FILE = Path(__file__).parents[3] / "bot" / "demo" / "campaign.yaml"
EXAMPLE: Definition = read(FILE.read_bytes(), FILE.name)
WORDS = "The words of one person."
NOTHING: Score = a_score(Stance.RESISTANT, Barrier.DESIRE, status=Status.UNSURE)
IN_NEED = a_score(Stance.RESISTANT, Barrier.KNOWLEDGE, (Theme.JOB_SECURITY,), safeguarding=True)
VAULT = Vault([new_key()])
LATER = timedelta(days=2)  # a Thursday morning: no rule waits longer

ANSWERS = {
    "fear-for-the-job": a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.JOB_SECURITY,)),
    "lacks-knowledge": a_score(Stance.AMBIVALENT, Barrier.KNOWLEDGE),
    "lacks-time-or-tool": a_score(Stance.AMBIVALENT, Barrier.ABILITY, (Theme.WORKLOAD,)),
    "lacks-the-why": a_score(Stance.NEUTRAL, Barrier.AWARENESS),
    "was-not-asked": a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.INVOLVEMENT,)),
    "does-not-want-to": a_score(Stance.RESISTANT, Barrier.DESIRE),
    "slides-back": a_score(Stance.RESISTANT, Barrier.REINFORCEMENT),
    "could-help-others": a_score(Stance.SUPPORTIVE, Barrier.NONE),
}
OTHERS = {"is-on-board", "silent"}  # needs an earlier invitation, or no answer at all


class Chat:
    """An agency where one person says something; their manager is the change agent."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.scene = Scene(database, now, EXAMPLE)
        self.messenger = RecordingMessenger()
        self.person, self.manager = self.scene.person(), self.scene.person("P2", role="manager")
        with database.write() as c:
            directory.replace_agents(c, [(self.scene.team_id, self.manager.id)])

    def say(self, score: Score, now: datetime) -> None:
        """The person answers a pulse, and their words are read as that score."""
        closes_at = now + timedelta(days=6)
        pulse = self.scene.pulse(self.person, once=f"pulse:{now}", closes_at=closes_at)
        database = self.scene.database
        for question in ("clear", "ready"):
            answering.record(database, VAULT, event(pulse, Action.ANSWER, question, "4"), now)
        words = event(pulse, Action.WRITE, "comment", text=WORDS)
        assert answering.record(database, VAULT, words, now).refusal is None
        scorer = FixedScorer({WORDS: score})
        assert scoring.score_pending(database, VAULT, scorer, now, chance=Fixed()) == 1

    def deliver(self, now: datetime) -> list[Message]:
        """What the person has got by then."""
        while deliver_due(self.scene.database, self.messenger, compose, now):
            pass
        return self.messenger.shown(self.person.id)


@pytest.fixture
def chat(database: Database, now: datetime) -> Chat:
    return Chat(database, now)


def title(rule: str) -> str:
    """The title of what the rule sends, as an English reader sees it."""
    return pick(EXAMPLE.touchpoint(EXAMPLE.rule(rule).send[0]).title, "en", "en")


def test_every_rule_of_the_example_is_tried_here() -> None:
    assert {rule.key for rule in EXAMPLE.campaign.rules} == {*ANSWERS, *OTHERS}


@pytest.mark.parametrize("rule", ANSWERS)
def test_answer_leads_to_the_message_of_its_rule_and_no_other(
    chat: Chat, now: datetime, rule: str
) -> None:
    chat.say(ANSWERS[rule], now)
    [message] = chat.deliver(now + LATER)
    assert title(rule) in message.fallback_text
    assert WORDS not in message.fallback_text
    assert chat.messenger.shown(chat.manager.id) == []


def test_supportive_answer_is_thanked_once_the_invitation_was_sent(
    chat: Chat, now: datetime
) -> None:
    chat.say(ANSWERS["could-help-others"], now)
    chat.deliver(now + LATER)
    chat.say(ANSWERS["could-help-others"], now + timedelta(days=14))
    messages = chat.deliver(now + timedelta(days=14) + LATER)
    assert [title("is-on-board") in one.fallback_text for one in messages] == [False, True]


def test_answer_that_can_not_be_judged_leads_to_nothing(chat: Chat, now: datetime) -> None:
    chat.say(NOTHING, now)
    assert chat.deliver(now + LATER) == []


def test_answer_that_sounds_like_need_gets_all_contacts_at_once_and_nobody_hears_of_it(
    chat: Chat, now: datetime
) -> None:
    night = now.replace(hour=23)
    chat.say(IN_NEED, night)
    [message] = chat.deliver(night)
    for contact in EXAMPLE.campaign.help_contacts:
        assert contact.contact in message.fallback_text
    assert chat.deliver(night + LATER) == [message]
    assert chat.messenger.shown(chat.manager.id) == []
    assert [one.kind for one in chat.scene.outbox(chat.person)][-1] is Kind.HELP
