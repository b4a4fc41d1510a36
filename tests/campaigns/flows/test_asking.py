"""From a question to its answer, and all that an agent could look at to find out who asked."""

import logging
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.asking import MOST_WAITING, Naming, Refused
from campaigns.domain.messages import Action, Event, Tap, dump
from campaigns.domain.outbox import Kind
from campaigns.flows import asking, preferring
from campaigns.flows.planning import stop
from campaigns.flows.retention import erase_aged
from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.tables import chat_messages, deliveries, faq, questions
from tests.campaigns.flows.questioners import ANSWER, WORDS, Questioners
from tests.scene import NEED, event, rows


@pytest.fixture
def staff(database: Database, now: datetime) -> Questioners:
    return Questioners(database, now)


def test_question_reaches_the_agents_and_its_answer_the_asker(staff: Questioners) -> None:
    asker, agent = staff.people[0], staff.agents[0]
    assert staff.ask(asker) is Naming.UNNAMED
    assert staff.move() == 1
    (question,) = staff.got(agent)
    assert staff.words(question, "question") == WORDS
    assert staff.answer(question) is None
    staff.move()
    (reply,) = staff.got(asker, Kind.REPLY)
    assert "Agent A1 has answered you." in staff.reads(reply).fallback_text
    assert staff.words(reply, "answer") == ANSWER
    assert staff.words(reply, "question") == WORDS
    assert all(not staff.got(other, Kind.REPLY) for other in staff.people[1:])


def test_agent_sees_nothing_of_who_asked_without_a_name(
    staff: Questioners, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asker = staff.people[0]
    staff.ask(asker)
    staff.move()
    (question,) = staff.got(staff.agents[0])
    staff.answer(question)
    staff.move()
    seen = [dump(message) for agent in staff.agents for message in staff.messenger.shown(agent.id)]
    seen += [dump(staff.reads(question)), question.once, question.key, caplog.text]
    for text in seen:
        for trace in (asker.name, asker.external_id, f":{asker.id}:", "desk", "Nobody moves"):
            assert trace not in text


def test_unnamed_question_goes_out_at_a_full_hour_and_says_nothing_of_its_moment(
    staff: Questioners,
) -> None:
    staff.scene.now += timedelta(minutes=17, seconds=5)
    staff.ask(staff.people[0])
    (row,) = rows(staff.scene, questions)
    assert (row.due_at.minute, row.due_at.second) == (0, 0)
    assert row.due_at - staff.scene.now > timedelta(hours=1)
    assert not any(value == staff.scene.now for value in row)


def test_unnamed_questions_of_one_hour_come_in_no_order(database: Database, now: datetime) -> None:
    staff = Questioners(database, now, n=12)
    for person in staff.people:
        staff.ask(person, f"Question of {person.external_id}")
    staff.move()
    came = [staff.words(one, "question") for one in staff.got(staff.agents[0])]
    asked = [f"Question of {person.external_id}" for person in staff.people]
    assert Counter(came) == Counter(asked)
    assert came != asked
    assert len({one.due_at for one in staff.got(staff.agents[0])}) == 1
    ids = [row.id for row in rows(staff.scene, questions)]
    assert min(abs(a - b) for a in ids for b in ids if a != b) > len(ids)


def test_answer_to_an_unnamed_question_waits_so_that_nobody_sees_whom_it_reaches(
    staff: Questioners,
) -> None:
    staff.ask(staff.people[0])
    staff.move()
    staff.answer(staff.got(staff.agents[0])[0])
    staff.move(timedelta(minutes=59))
    assert staff.got(staff.people[0], Kind.REPLY) == []
    assert staff.words(staff.got(staff.people[0], Kind.ASKED)[0], "answer") is None
    staff.move()
    assert len(staff.got(staff.people[0], Kind.REPLY)) == 1


def test_named_question_and_its_answer_go_out_at_once(staff: Questioners) -> None:
    assert staff.ask(staff.people[0], naming=Naming.NAMED) is Naming.NAMED
    assert staff.move(timedelta(0)) == 1
    (question,) = staff.got(staff.agents[0])
    assert "Member P1 (Permits) asks" in staff.reads(question).fallback_text
    staff.answer(question)
    staff.move(timedelta(0))
    assert len(staff.got(staff.people[0], Kind.REPLY)) == 1


@pytest.mark.parametrize("choice", ["", "unnamed", "NAMED", "yes"])
def test_name_is_kept_back_unless_it_was_chosen(staff: Questioners, choice: str) -> None:
    assert staff.ask(staff.people[0], naming=choice) is Naming.UNNAMED


def test_second_agent_learns_who_was_first_and_changes_nothing(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    first, second = (staff.got(agent)[0] for agent in staff.agents)
    assert staff.answer(first) is None
    assert staff.answer(first, "Another answer.") is None  # the same button again
    assert staff.answer(second, "Another answer.") is Refused.ANSWERED
    staff.move()
    assert staff.words(first, "answer") == ANSWER
    assert "Agent A1 has answered this." in staff.reads(second).fallback_text
    assert len(staff.got(staff.people[0], Kind.REPLY)) == 1


def test_a_form_sent_twice_asks_once(staff: Questioners) -> None:
    assert staff.ask(staff.people[0]) is Naming.UNNAMED
    assert staff.ask(staff.people[0]) is Naming.UNNAMED
    assert len(rows(staff.scene, questions)) == 1
    staff.ask(staff.people[1])
    assert len(rows(staff.scene, questions)) == 2


def test_question_is_refused_when_there_are_no_words_or_too_many_questions(
    staff: Questioners,
) -> None:
    assert staff.ask(staff.people[0], " \n\0 ") is Refused.NO_WORDS
    for n in range(MOST_WAITING):
        assert staff.ask(staff.people[0], f"Question {n}") is Naming.UNNAMED
    assert staff.ask(staff.people[0], "One more") is Refused.TOO_MANY


def test_question_is_refused_when_nobody_could_answer(staff: Questioners) -> None:
    with staff.scene.database.write() as c:
        directory.replace_agents(c, [])
        directory.deactivate(c, [staff.owner.id])
    assert staff.ask(staff.people[0]) is Refused.NOBODY
    assert rows(staff.scene, questions) == []


def test_question_goes_to_the_owner_when_the_asker_is_the_only_agent(staff: Questioners) -> None:
    with staff.scene.database.write() as c:
        directory.replace_agents(c, [(staff.scene.team_id, staff.people[0].id)])
    staff.ask(staff.people[0])
    staff.move()
    assert staff.got(staff.people[0]) == []
    (question,) = staff.got(staff.owner)
    assert staff.answer(question) is None


def test_question_about_a_campaign_is_refused_when_it_never_reached_the_person(
    staff: Questioners,
) -> None:
    stranger = staff.scene.person("X1")
    database, now = staff.scene.database, staff.scene.now
    for key, campaign in (("", "portal-2027"), ("", "nonsense"), ("0" * 32, "")):
        form = Event(stranger.id, key, Tap(Action.ASK, campaign), WORDS)
        assert asking.ask(database, staff.vault, form, now) is Refused.GONE
    form = Event(staff.people[0].id, "", Tap(Action.ASK, "portal-2027"), WORDS)
    assert asking.ask(database, staff.vault, form, now) is Naming.UNNAMED


def test_question_is_refused_when_the_campaign_has_ended(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    stop(staff.scene.database, "portal-2027", staff.scene.now)
    assert staff.ask(staff.people[0], "Another one") is Refused.STOPPED
    assert staff.answer(staff.got(staff.agents[0])[0]) is None  # who waits gets an answer
    staff.move()
    assert len(staff.got(staff.people[0], Kind.REPLY)) == 1


def test_answer_comes_although_messages_rest(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    preferring.pause(staff.scene.database, staff.people[0].id, 28, staff.scene.now)
    preferring.pause(staff.scene.database, staff.agents[0].id, 28, staff.scene.now)
    staff.move()
    staff.answer(staff.got(staff.agents[0])[0])
    staff.move()
    assert len(staff.got(staff.people[0], Kind.REPLY)) == 1


def test_question_is_taken_back_without_a_trace_while_it_waits(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move(timedelta(0))
    (receipt,) = staff.got(staff.people[0], Kind.ASKED)
    assert asking.withdraw(staff.scene.database, event(receipt, Action.WITHDRAW)) is None
    assert rows(staff.scene, questions) == []
    assert staff.move() == 0
    assert staff.got(staff.agents[0]) == []
    assert "no longer there" in staff.reads(receipt).fallback_text
    assert asking.withdraw(staff.scene.database, event(receipt, Action.WITHDRAW)) is Refused.GONE


def test_question_can_not_be_taken_back_when_it_was_passed_on(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    (receipt,) = staff.got(staff.people[0], Kind.ASKED)
    refused = asking.withdraw(staff.scene.database, event(receipt, Action.WITHDRAW))
    assert refused is Refused.TOO_LATE


@pytest.mark.parametrize(("n", "said"), [(3, "Fewer than 10"), (12, "10 people or more")])
def test_receipt_says_from_how_many_it_could_be(
    database: Database, now: datetime, n: int, said: str
) -> None:
    staff = Questioners(database, now, n)
    staff.ask(staff.people[0])
    staff.move(timedelta(0))
    (receipt,) = staff.got(staff.people[0], Kind.ASKED)
    assert said in staff.reads(receipt).fallback_text


def test_receipt_comes_at_once_and_at_any_hour(staff: Questioners) -> None:
    staff.scene.now += timedelta(hours=14)  # the middle of the night
    staff.ask(staff.people[0])
    staff.move(timedelta(0))
    assert len(staff.got(staff.people[0], Kind.ASKED)) == 1


def test_who_names_a_danger_gets_help_at_once(staff: Questioners) -> None:
    staff.ask(staff.people[0], "I want to kill myself. Who can I talk to?")
    staff.move(timedelta(0))
    assert len(staff.got(staff.people[0], Kind.HELP)) == 1
    staff.ask(staff.people[1], NEED)
    staff.move(timedelta(0))
    assert staff.got(staff.people[1], Kind.HELP) == []


def test_words_are_read_by_their_readers_alone(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    (question,) = staff.got(staff.agents[0])
    assert staff.words(question, "question", reader=staff.people[1]) is None
    assert staff.words(question, "question", reader=staff.agents[1]) is None
    assert staff.words(question, "answer") is None  # there is none yet
    assert staff.words(staff.visions[staff.people[0].id], "question") is None


def test_words_are_stored_unreadable(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    staff.answer(staff.got(staff.agents[0])[0])
    staff.publish(staff.got(staff.agents[0])[0], "Do desks move?")
    everything = repr([rows(staff.scene, table) for table in (questions, faq, deliveries)])
    for words in ("window", "Nobody moves", "Do desks move"):
        assert words not in everything


def test_agent_of_another_team_can_not_answer(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    (question,) = staff.got(staff.agents[0])
    with staff.scene.database.write() as c:
        directory.replace_agents(c, [(staff.scene.team_id, staff.agents[1].id)])
    assert staff.answer(question) is Refused.GONE


def test_question_goes_to_the_owners_when_it_lies_for_three_working_days(
    staff: Questioners,
) -> None:
    staff.ask(staff.people[0])  # on a Tuesday
    staff.move()
    staff.move(timedelta(days=2))
    assert staff.got(staff.owner) == []
    staff.move(timedelta(days=3))
    (question,) = staff.got(staff.owner)
    assert "no answer for 3 working days" in staff.reads(question).fallback_text
    staff.move(timedelta(days=4))
    assert len(staff.got(staff.owner)) == 1
    assert staff.answer(question) is None


def test_questions_and_all_about_them_are_erased_by_age(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    (question,) = staff.got(staff.agents[0])
    staff.answer(question)
    staff.publish(question, "Do desks move?")
    staff.move()
    assert erase_aged(staff.scene.database, staff.scene.now + timedelta(days=362)) == 0
    assert erase_aged(staff.scene.database, staff.scene.now + timedelta(days=367)) == 1
    assert [rows(staff.scene, table) for table in (questions, faq, chat_messages)] == [[], [], []]
    with staff.scene.database.read() as c:
        kinds = set(c.scalars(select(deliveries.c.kind)))
    assert kinds == {Kind.VISION}
