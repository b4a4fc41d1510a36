"""Good answers become everybody's, in words that nobody is known by."""

from datetime import datetime

import pytest

from campaigns.domain.asking import Refused
from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind
from campaigns.flows import replying
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from tests.campaigns.flows.questioners import ANSWER, WORDS, Questioners
from tests.scene import event

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
        cards = replying.home(c, staff.vault, staff.people[reader])
    return "\n".join(card.fallback_text for card in cards)


def test_published_answer_is_read_by_everybody_in_the_campaign(
    staff: Questioners, question: Delivery
) -> None:
    assert ANSWER not in home(staff)
    assert staff.publish(question, f"  {REWORDED}\n") is None
    assert f"{REWORDED}\n\n{ANSWER}" in home(staff)
    with staff.scene.database.read() as c:
        assert replying.home(c, staff.vault, staff.owner) == []  # no message has reached them


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
    assert replying.unpublish(staff.scene.database, taken) is None
    assert ANSWER not in home(staff)


@pytest.mark.usefixtures("question")
def test_nobody_publishes_what_another_answered(staff: Questioners) -> None:
    other = staff.got(staff.agents[1])[0]
    assert staff.publish(other, REWORDED) is Refused.GONE
    taken = event(other, Action.UNPUBLISH)
    assert replying.unpublish(staff.scene.database, taken) is Refused.GONE
    staff.move()
    (reply,) = staff.got(staff.people[0], Kind.REPLY)
    assert staff.publish(reply, REWORDED) is Refused.GONE


def test_nothing_is_published_before_there_is_an_answer(staff: Questioners) -> None:
    staff.ask(staff.people[0])
    staff.move()
    assert staff.publish(staff.got(staff.agents[0])[0], REWORDED) is Refused.GONE
