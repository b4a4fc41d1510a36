"""Asking and answering in any chat: short words, words for one reader, and one state for all."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.domain.asking import MOST_WAITING
from campaigns.domain.lanes import Lane
from campaigns.domain.messages import Action, Event, Message, Outcome, Tap
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows.asking import pass_on
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage import directory, lanes
from campaigns.storage.outbox import Delivery
from tests.bot.chat import Chat
from tests.campaigns.flows.questioners import ANSWER, LATER, WORDS
from tests.scene import event


@pytest.fixture
def agents(chat: Chat) -> list[Person]:
    found = [chat.scene.person(name) for name in ("A1", "A2")]
    with chat.scene.database.write() as c:
        directory.replace_agents(c, [(chat.scene.team_id, one.id) for one in found])
    return found


@pytest.fixture
def vision(chat: Chat) -> Delivery:
    """A message that the asker got."""
    person = chat.scene.person("P1")
    return chat.send(chat.scene.put(person, "vision", Kind.VISION), person)


def ask(chat: Chat, vision: Delivery, words: str = WORDS, choice: str = "unnamed") -> Outcome:
    return chat.conversation.handle(replace(event(vision, Action.ASK, text=words), choice=choice))


def passed_on(chat: Chat, agents: list[Person]) -> list[Delivery]:
    """What each agent has got when the hour has come."""
    chat.scene.now += LATER
    pass_on(chat.scene.database, chat.scene.now)
    while deliver_due(chat.scene.database, chat.messenger, compose, chat.scene.now):
        pass
    found = [one for agent in agents for one in chat.scene.outbox(agent)]
    return [one for one in found if one.kind is Kind.QUESTION]


def test_every_message_of_the_campaign_can_be_asked_under(chat: Chat, vision: Delivery) -> None:
    assert "[Ask a question]" in chat.reads(vision).fallback_text


@pytest.mark.parametrize(
    ("choice", "said"), [("unnamed", "without your name"), ("named", "with your name")]
)
@pytest.mark.usefixtures("agents")
def test_handle_says_how_a_question_goes_out(
    chat: Chat, vision: Delivery, choice: str, said: str
) -> None:
    outcome = ask(chat, vision, choice=choice)
    assert said in outcome.toast
    assert outcome.message is not None
    assert WORDS not in repr(outcome)


def test_handle_shows_both_agents_that_one_has_answered(
    chat: Chat, agents: list[Person], vision: Delivery
) -> None:
    ask(chat, vision)
    first, second = passed_on(chat, agents)
    done = chat.press(first, Action.REPLY, text=ANSWER)
    assert done.toast == "Your answer is on its way. Thank you."
    assert "You have answered this." in chat.reads(first).fallback_text
    assert "Member A1 has answered this." in chat.reads(second).fallback_text
    late = chat.press(second, Action.REPLY, text="Something else")
    assert late.toast == "Member has answered this already. Yours was not sent."


def test_handle_gives_sealed_words_to_their_reader_and_to_no_message(
    chat: Chat, agents: list[Person], vision: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(chat, vision)
    first, second = passed_on(chat, agents)
    assert chat.press(first, Action.READ, "question") == Outcome(None, words=WORDS)
    chat.press(first, Action.REPLY, text=ANSWER)
    assert chat.press(second, Action.READ, "answer").words == ANSWER
    strange = chat.press(first, Action.READ, "question", person_id=vision.person_id)
    assert strange == Outcome(None, "These words are no longer there.", refused=True)
    for words in ("window", "Nobody moves", "Member P1"):
        shown: list[Message] = [one for agent in agents for one in chat.messenger.shown(agent.id)]
        assert words not in repr(shown)
        assert words not in caplog.text


def test_handle_publishes_and_takes_out_again(
    chat: Chat, agents: list[Person], vision: Delivery
) -> None:
    ask(chat, vision)
    first, _ = passed_on(chat, agents)
    chat.press(first, Action.REPLY, text=ANSWER)
    refused = chat.press(first, Action.PUBLISH, text=WORDS)
    assert refused.toast.startswith("Please write the question in your own words.")
    said = chat.press(first, Action.PUBLISH, text="Do desks move?").toast
    assert said == "Published. Everybody in the campaign can read it."
    assert "It stands among" in chat.reads(first).fallback_text
    assert chat.press(first, Action.UNPUBLISH).toast == "Taken out."


def test_handle_takes_a_question_back_and_says_when_it_is_too_late(
    chat: Chat, agents: list[Person], vision: Delivery
) -> None:
    ask(chat, vision)
    ask(chat, vision, "Another question")
    while deliver_due(chat.scene.database, chat.messenger, compose, chat.scene.now):
        pass
    asker = chat.scene.outbox(chat.scene.person("P1"))
    first, second = (one for one in asker if one.kind is Kind.ASKED)
    assert chat.press(first, Action.WITHDRAW).toast == "Taken back. Nobody has seen it."
    assert "no longer there" in chat.reads(first).fallback_text
    assert len(passed_on(chat, agents)) == 2  # one question, two agents
    assert "passed on already" in chat.press(second, Action.WITHDRAW).toast


def test_handle_refuses_kindly_when_a_question_can_not_be_asked(
    chat: Chat, vision: Delivery
) -> None:
    assert ask(chat, vision, "  ").toast == "There was nothing to send. Write a few words first."
    assert "Nobody is named yet" in ask(chat, vision).toast
    agent = chat.scene.person("A1")
    with chat.scene.database.write() as c:
        directory.replace_agents(c, [(chat.scene.team_id, agent.id)])
    for n in range(MOST_WAITING):
        ask(chat, vision, f"Question {n}")
    assert "5 questions of yours still wait" in ask(chat, vision).toast


def test_handle_asks_from_home_where_there_is_no_message(
    chat: Chat, agents: list[Person], vision: Delivery
) -> None:
    tap = Tap(Action.ASK, chat.scene.campaign.key)
    outcome = chat.conversation.handle(Event(vision.person_id, "", tap, WORDS))
    assert outcome.message is None
    assert "without your name" in outcome.toast
    assert len(passed_on(chat, agents)) == len(agents)


def test_handle_shows_published_answers_to_whom_the_campaign_has_reached(
    chat: Chat, agents: list[Person], vision: Delivery
) -> None:
    ask(chat, vision)
    first, _ = passed_on(chat, agents)
    chat.press(first, Action.REPLY, text=ANSWER)
    chat.press(first, Action.PUBLISH, text="Do desks move?")
    tap = Tap(Action.FAQ, chat.scene.campaign.key, "0")
    shown = chat.conversation.handle(Event(vision.person_id, "", tap))
    assert shown.aside is not None
    assert ANSWER in shown.aside.fallback_text
    stranger = chat.scene.person("P9")
    refused = chat.conversation.handle(Event(stranger.id, "", tap))
    assert refused == Outcome(None, "These words are no longer there.", refused=True)


def test_message_of_another_agent_is_edited_later_where_the_platform_takes_no_more(
    chat: Chat, agents: list[Person], vision: Delivery
) -> None:
    ask(chat, vision)
    first, second = passed_on(chat, agents)
    lane = Lane("slack:chat.update", 20)
    chat.messenger.lanes = {"update": lane}
    with chat.scene.database.write() as connection:
        lanes.hold(connection, lane, chat.scene.now + timedelta(seconds=1))
    chat.press(first, Action.REPLY, text=ANSWER)
    assert "has answered this" not in chat.reads(second).fallback_text
    chat.scene.now += timedelta(minutes=1)
    while deliver_due(chat.scene.database, chat.messenger, compose, chat.scene.now):
        chat.scene.now += timedelta(minutes=1)
    assert "Member A1 has answered this." in chat.reads(second).fallback_text
