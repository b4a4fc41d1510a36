"""Good answers become everybody's, in words that nobody is known by."""

from datetime import datetime, timedelta

import pytest

from campaigns.domain.asking import Naming, Refused
from campaigns.domain.messages import Action, Event, Tap
from campaigns.domain.outbox import Kind, State
from campaigns.flows import publishing
from campaigns.flows.planning import launch
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault, new_key
from tests.campaigns.flows.questioners import ANSWER, WORDS, Questioners
from tests.scene import definition, event

REWORDED = "Will anybody have to move their desk?"


@pytest.fixture
def staff(database: Database, now: datetime) -> Questioners:
    return Questioners(database, now)


@pytest.fixture
def question(staff: Questioners) -> Delivery:
    """A question as its first agent has it, who has answered."""
    staff.ask(staff.people[0])
    staff.move()
    (found,) = staff.got(staff.agents[0])
    assert staff.answer(found) is None
    return found


def home(staff: Questioners, reader: int = 1) -> str:
    with staff.scene.database.read() as c:
        cards = publishing.home(c, staff.vault, staff.people[reader])
    return "\n".join(card.fallback_text for card in cards)


def test_published_answer_is_read_by_everybody_in_the_campaign(
    staff: Questioners, question: Delivery
) -> None:
    assert ANSWER not in home(staff)
    assert staff.publish(question, f"  {REWORDED}\n") is None
    assert f"{REWORDED}\n\n{ANSWER}" in home(staff)
    with staff.scene.database.read() as c:
        assert publishing.home(c, staff.vault, staff.owner) == []  # no message has reached them


def test_published_question_is_never_the_askers_own_wording(
    staff: Questioners, question: Delivery
) -> None:
    assert staff.publish(question, WORDS.upper()) is Refused.QUOTED
    assert staff.publish(question, "") is Refused.NO_WORDS
    assert "Nothing has been published" in home(staff)


def test_published_twice_stands_there_once(staff: Questioners, question: Delivery) -> None:
    staff.publish(question, REWORDED)
    staff.publish(question, "Do desks move?")
    assert home(staff).count(ANSWER) == 1


def test_who_published_can_take_it_out(staff: Questioners, question: Delivery) -> None:
    staff.publish(question, REWORDED)
    taken = event(question, Action.UNPUBLISH)
    assert publishing.unpublish(staff.scene.database, taken) is None
    assert ANSWER not in home(staff)


@pytest.mark.usefixtures("question")
def test_nobody_publishes_what_another_answered(staff: Questioners) -> None:
    other = staff.got(staff.agents[1])[0]
    assert staff.publish(other, REWORDED) is Refused.GONE
    taken = event(other, Action.UNPUBLISH)
    assert publishing.unpublish(staff.scene.database, taken) is Refused.GONE
    staff.move()
    (reply,) = staff.got(staff.people[0], Kind.REPLY)
    assert staff.publish(reply, REWORDED) is Refused.GONE


def test_nothing_is_published_before_there_is_an_answer(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    assert staff.publish(staff.got(staff.agents[0])[0], REWORDED) is Refused.GONE


def test_published_answer_never_repeats_the_asker(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    (question,) = staff.got(staff.agents[0])
    staff.answer(question, f"You ask: {WORDS} Yes.")
    assert staff.publish(question, REWORDED) is Refused.ANSWER_QUOTED
    assert staff.publish(question, f"{REWORDED}\n\n{WORDS}") is Refused.ANSWER_QUOTED
    assert staff.publish(question, f"{REWORDED}\n\nNobody has to move.") is None
    assert f"{REWORDED}\n\nNobody has to move." in home(staff)


def test_published_words_never_name_who_asked_with_their_name(staff: Questioners) -> None:
    asker = staff.scene.person("P9", name="Zelda Quist")
    staff.visions[asker.id] = staff.scene.put(asker, "vision", Kind.VISION)
    for naming, outcome in ((Naming.NAMED, Refused.TELLS_NAME), (Naming.UNNAMED, None)):
        staff.ask(asker, f"When does my training begin? {naming}", naming)
        staff.move()
        question = staff.got(staff.agents[0])[-1]
        staff.answer(question, "In May, dear Zelda.")
        # Of an unnamed one, a refusal would tell the agent whom they have guessed.
        assert staff.publish(question, REWORDED) is outcome


def test_comms_team_does_not_learn_by_trying_who_asked(staff: Questioners) -> None:
    asker = staff.scene.person("P9", name="Zelda Quist")
    staff.visions[asker.id] = staff.scene.put(asker, "vision", Kind.VISION)
    staff.ask(asker, "When does my training begin?", Naming.NAMED)
    staff.move()
    question = staff.got(staff.agents[0])[-1]
    staff.answer(question)
    assert staff.publish(question, REWORDED) is None
    for name in ("Zelda Quist", "Somebody Else"):
        assert reword(staff, REWORDED, f"In May, dear {name}.") is None


def test_tended_entries_stand_by_day_and_then_by_their_letters(
    staff: Questioners, question: Delivery
) -> None:
    words = ["Zero?", "Once?", "And what else?"]
    found = [question]
    for person in staff.people[1:]:
        staff.ask(person)
        staff.move()
        found.append(staff.got(staff.agents[0])[-1])
        staff.answer(found[-1])
    staff.publish(found[0], words[0])
    staff.scene.now += timedelta(minutes=5)
    staff.publish(found[1], words[1])
    staff.move()
    staff.publish(found[2], words[2])
    assert [one.question for one in tended(staff)] == ["And what else?", "Once?", "Zero?"]


def tended(staff: Questioners) -> list[publishing.Tended]:
    scene = staff.scene
    return publishing.tended(scene.database, staff.vault, scene.campaign.key)


def reword(staff: Questioners, question: str, answer: str, mark: str = "") -> Refused | None:
    (entry,) = tended(staff)
    scene = staff.scene
    return publishing.reword(
        scene.database,
        staff.vault,
        scene.campaign.key,
        entry.id,
        mark or entry.mark,
        (question, answer),
        scene.now,
    )


def test_comms_team_words_an_entry_anew(staff: Questioners, question: Delivery) -> None:
    staff.publish(question, REWORDED)
    assert reword(staff, " Do desks\nmove? ", "No.\n\nNone does.") is None
    assert "Do desks move?\n\nNo.\n\nNone does." in home(staff)
    assert ANSWER not in home(staff)
    assert staff.words(question, "answer") == ANSWER  # what the asker got stays


def test_comms_team_never_quotes_the_asker_either(staff: Questioners, question: Delivery) -> None:
    staff.publish(question, REWORDED)
    assert reword(staff, WORDS, ANSWER) is Refused.QUOTED
    assert reword(staff, REWORDED, WORDS) is Refused.ANSWER_QUOTED
    assert reword(staff, " ", ANSWER) is Refused.NO_WORDS
    assert f"{REWORDED}\n\n{ANSWER}" in home(staff)


def test_comms_team_overwrites_no_change_that_it_has_not_seen(
    staff: Questioners, question: Delivery
) -> None:
    staff.publish(question, REWORDED)
    (seen,) = tended(staff)
    assert reword(staff, "Do desks move?", ANSWER) is None
    assert reword(staff, "Must desks move?", ANSWER, seen.mark) is Refused.CHANGED
    assert "Do desks move?" in home(staff)


def test_comms_team_takes_an_entry_out_and_its_agent_sees_that(
    staff: Questioners, question: Delivery
) -> None:
    staff.publish(question, REWORDED)
    (entry,) = tended(staff)
    database, key = staff.scene.database, staff.scene.campaign.key
    assert publishing.take_out(database, key, entry.id, staff.scene.now) is None
    assert ANSWER not in home(staff)
    (due,) = [one for one in staff.scene.outbox(staff.agents[0]) if one.id == question.id]
    assert due.state is State.PENDING  # to be edited
    assert "[Publish for everybody]" in staff.reads(question).fallback_text
    assert publishing.take_out(database, key, entry.id, staff.scene.now) is Refused.GONE


def test_entries_of_another_campaign_are_out_of_reach(
    staff: Questioners, question: Delivery
) -> None:
    staff.publish(question, REWORDED)
    (entry,) = tended(staff)
    database, now = staff.scene.database, staff.scene.now
    launch(database, definition(key="another"), now)
    assert publishing.take_out(database, "another", entry.id, now) is Refused.GONE
    assert publishing.tended(database, staff.vault, "another") == []
    words = ("Do desks move?", ANSWER)
    done = publishing.reword(
        database, staff.vault, "another", entry.id, entry.mark, words, staff.scene.now
    )
    assert done is Refused.GONE


def test_answers_are_shown_to_whom_the_campaign_has_reached(
    staff: Questioners, question: Delivery
) -> None:
    staff.publish(question, REWORDED)
    tap = Tap(Action.FAQ, staff.scene.campaign.key, "0")
    with staff.scene.database.read() as c:
        (card,) = publishing.contents(c, staff.vault, staff.people[1])
        assert REWORDED in card.fallback_text
        assert ANSWER not in card.fallback_text
        shown = publishing.answers(c, staff.vault, Event(staff.people[1].id, "", tap))
        assert shown is not None
        assert ANSWER in shown.fallback_text
        assert publishing.answers(c, staff.vault, Event(staff.owner.id, "", tap)) is None
        assert list(publishing.contents(c, staff.vault, staff.owner)) == []


def test_words_whose_key_is_gone_are_left_out(staff: Questioners, question: Delivery) -> None:
    staff.publish(question, REWORDED)
    staff.vault = Vault([new_key()])
    assert "Nothing has been published" in home(staff)
    assert staff.publish(question, "Do desks move?") is Refused.GONE
    assert [(one.question, one.answer) for one in tended(staff)] == [("", "")]
