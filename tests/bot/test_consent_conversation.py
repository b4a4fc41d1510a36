"""The whole way of a person's words: answered, asked for, released, handed out, taken back."""

from datetime import datetime

import pytest

from campaigns.domain.confidentiality import Withheld
from campaigns.domain.messages import Action, Outcome
from campaigns.flows.releasing import released
from campaigns.flows.scoring import score_pending
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from tests.bot.chat import VAULT, Chat
from tests.campaigns.domain.reader import taps
from tests.fakes import FixedScorer
from tests.scene import Scene, definition


@pytest.fixture
def chat(database: Database, now: datetime) -> Chat:
    return Chat(Scene(database, now, definition(learn_from_words=True)))


def answer(chat: Chat, name: str, text: str, language: str = "en") -> tuple[Delivery, Outcome]:
    """The person's pulse, answered to its end in these words."""
    person = chat.scene.person(name, language=language)
    pulse = chat.send(chat.scene.pulse(person, once=name), person)
    chat.press(pulse, Action.ANSWER, "ready", "5")
    return pulse, chat.press(pulse, Action.WRITE, "why", text=text)


def handed_out(chat: Chat) -> list[str]:
    found = released(chat.scene.database, VAULT)
    return [] if isinstance(found, Withheld) else sorted(one.words for one in found)


def test_words_go_from_the_answer_to_the_file_and_back(chat: Chat) -> None:
    pulses = []
    for number in range(11):
        pulse, thanked = answer(chat, f"P{number}", f"Unforgettable {chr(97 + number)}.")
        assert thanked.message is not None
        assert taps(thanked.message) == [Action.RELEASE]
        outcome = chat.press(pulse, Action.RELEASE)
        assert outcome.toast == "Thank you. You can take it back here."
        assert taps(chat.reads(pulse)) == [Action.TAKE_BACK]
        assert "Unforgettable" not in repr(outcome)
        pulses.append(pulse)
    assert handed_out(chat) == []  # no model has read them yet
    score_pending(chat.scene.database, VAULT, FixedScorer(), chat.scene.now)
    assert len(handed_out(chat)) == 11
    assert chat.press(pulses[0], Action.TAKE_BACK).toast == "Taken back. Nobody is told."
    assert handed_out(chat) == [f"Unforgettable {chr(97 + number)}." for number in range(1, 11)]
    chat.press(pulses[1], Action.TAKE_BACK)
    assert handed_out(chat) == []  # nine are too few
    assert "Unforgettable" not in repr(chat.messenger)
    assert [len(chat.messenger.shown(pulse.person_id)) for pulse in pulses] == [1] * 11


def test_release_is_refused_kindly_when_it_is_not_asked(chat: Chat) -> None:
    pulse, thanked = answer(chat, "P1", "I want to die.")
    assert thanked.message is not None
    assert taps(thanked.message) == []
    told = "This is not asked here any more. Nothing was saved."
    assert chat.press(pulse, Action.RELEASE).toast == told
    assert chat.press(pulse, Action.TAKE_BACK).toast == told


def test_release_is_answered_in_the_language_of_the_reader(chat: Chat) -> None:
    pulse, _ = answer(chat, "P1", "Nothing helps.", language="de")
    assert chat.press(pulse, Action.RELEASE).toast == "Danke. Sie können es hier zurücknehmen."
    assert chat.press(pulse, Action.TAKE_BACK).toast == "Zurückgenommen. Niemand erfährt davon."
