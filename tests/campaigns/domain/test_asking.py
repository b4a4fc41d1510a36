"""When an unnamed question goes on, what may be published of it, and what each message says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import asking_message, question_message
from campaigns.domain.asking import (
    LONGEST_PUBLISHED,
    SPREAD_HOURS,
    Naming,
    QuestionState,
    Refused,
    next_batch,
    quotes,
    refusal,
    worded,
)
from campaigns.domain.asking_message import Asked, Entry
from campaigns.domain.messages import Action, Actions, Button, Message, Tap, TextBox, dump, load
from campaigns.domain.question_message import Received
from campaigns.domain.wording import LANGUAGES
from tests.golden import compare
from tests.scene import definition

DEFINITION = definition(owners=["P9"])
KEY = "k" * 32
ENTRIES = [Entry("Who pays?", "The agency."), Entry("Is it safe?", "Yes.")]
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(0, SPREAD_HOURS - 1))
def test_batch_is_a_full_hour_that_is_one_to_five_hours_away(now: datetime, drawn: int) -> None:
    at = next_batch(now, drawn)
    assert (at.minute, at.second, at.microsecond) == (0, 0, 0)
    assert timedelta(hours=1) < at - now <= timedelta(hours=5)


def test_batch_says_nothing_of_the_minute_that_was_asked_in() -> None:
    begun = datetime(2027, 1, 12, 9, tzinfo=UTC)
    moments = {next_batch(begun + timedelta(minutes=n), 1) for n in range(60)}
    assert moments == {begun + timedelta(hours=3)}


@given(st.text(max_size=200))
def test_six_own_words_are_a_quote_wherever_they_stand(text: str) -> None:
    assert quotes(f"{text} who will pay for OUR trips?", "Tell me: who will pay for our trips")
    assert not quotes("Who pays for trips?", f"who pays for trips? Tell me soon, please. {text}")


def test_a_short_question_is_a_quote_as_a_whole() -> None:
    assert quotes("So when does it start?", "When does it start?!")
    assert not quotes("When does the portal start?", "When does it start?")
    assert quotes("WHY?", "why")
    assert not quotes("Why do desks move?", "Why?")
    assert not quotes("Anything", "?!")


def refused(question: str = "Do desks move?", answer: str = "No.", asker: str = "") -> object:
    return refusal(question, answer, "Do I keep my desk by the window?", asker)


def test_published_words_are_refused_for_what_they_tell() -> None:
    assert refused() is None
    assert refused("") is Refused.NO_WORDS
    assert refused(answer="") is Refused.NO_WORDS
    assert refused("x" * (LONGEST_PUBLISHED + 1)) is Refused.TOO_LONG
    assert refused("Who may say: I keep my desk by the window") is Refused.QUOTED
    assert refused(answer="You keep my desk by the door, you say.") is None
    assert refused(answer="You ask: do I keep my desk by the door?") is Refused.ANSWER_QUOTED


@pytest.mark.parametrize("words", ["Dear Sam, no.", "No, EXAMPLE!", "Ask Sam Example's team."])
def test_published_words_never_name_who_gave_the_name_to_the_agent(words: str) -> None:
    assert refused(answer=words, asker="Sam Example") is Refused.TELLS_NAME
    assert refused(question=words, asker="Sam Example") is Refused.TELLS_NAME
    assert refused(answer=words) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_worded_gives_the_question_in_one_line(question: str, answer: str) -> None:
    line, below = worded(f"{question}\n\n{answer}")
    assert "\n" not in line
    assert below == below.strip()


def messages(language: str) -> dict[str, Message]:
    """Every message about questions, in each of its states."""
    waiting, is_open, done = QuestionState
    asker = ("Sam Example", "Permits")

    def receipt(state: QuestionState, named: bool, n: int) -> Message:
        return asking_message.asked(Asked(state, named, n), DEFINITION, language, KEY)

    def received(*args: object, **more: object) -> Message:
        return question_message.question(
            Received(*args, **more),  # type: ignore[arg-type]
            DEFINITION,
            language,
            KEY,
        )

    return {
        "receipt, waiting, few": receipt(waiting, False, 6),
        "receipt, waiting, many": receipt(waiting, False, 60),
        "receipt, passed on": receipt(is_open, False, 60),
        "receipt, answered": receipt(done, False, 60),
        "receipt, named": receipt(waiting, True, 60),
        "receipt, gone": asking_message.withdrawn(language, KEY),
        "question, unnamed": received(None),
        "question, named": received(asker),
        "question, late": received(None, waited=3),
        "question, answered by another": received(None, "Robin"),
        "question, answered by the reader": received(None, "Robin", is_mine=True),
        "question, published": received(None, "Robin", is_mine=True, published=True),
        "question, gone": question_message.gone(language, KEY),
        "answer, unnamed": asking_message.answered("Robin", False, DEFINITION, language, KEY),
        "answer, named": asking_message.answered("Robin", True, DEFINITION, language, KEY),
        "faq, empty": asking_message.faq([], DEFINITION, language),
        "faq": asking_message.faq(ENTRIES, DEFINITION, language),
        "faq, on a page without room": asking_message.contents(ENTRIES, DEFINITION, language),
        "faq, in a window": asking_message.answers(ENTRIES, 0, DEFINITION, language),
        "faq, in a window too late": asking_message.answers(ENTRIES, 8, DEFINITION, language),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_read_as_in_the_golden_file(language: str) -> None:
    """With the small print of each form, which a chat shows when the form is opened."""
    text = ""
    for step, message in messages(language).items():
        notes = [part.note for part in message.parts if isinstance(part, TextBox)]
        text += f"=== {step}\n\n" + "\n\n".join([message.fallback_text, *notes]) + "\n\n"
    compare(Path(__file__).parent / "golden" / f"questions_{language}.txt", text)


FOREIGN = {"Who pays?", "Is it safe?", "The agency.", "Yes.", "1. Is it safe?", "2. Who pays?"}


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_nothing_stays_english(language: str) -> None:
    ours = {line for one in messages(language).values() for line in one.fallback_text.split("\n")}
    english = {line for one in messages("en").values() for line in one.fallback_text.split("\n")}
    assert ours & english <= {"", *FOREIGN}


def test_messages_survive_their_storage() -> None:
    for message in messages("en").values():
        assert load(dump(message)) == message


def actions(message: Message) -> set[Action]:
    buttons = [item for part in message.parts if isinstance(part, Actions) for item in part.items]
    forms = [part.tap.action for part in message.parts if isinstance(part, TextBox)]
    return {one.tap.action for one in buttons if isinstance(one, Button)} | set(forms)


def test_an_unnamed_question_names_no_person_and_no_team() -> None:
    text = dump(messages("en")["question, unnamed"])
    assert "Sam" not in text
    assert "Permits" not in text


def test_a_question_can_be_taken_back_only_while_it_waits() -> None:
    found = messages("en")
    assert Action.WITHDRAW in actions(found["receipt, waiting, few"])
    for step in ("receipt, passed on", "receipt, answered", "receipt, named"):
        assert Action.WITHDRAW not in actions(found[step])


def test_only_who_answered_can_publish() -> None:
    found = messages("en")
    assert actions(found["question, unnamed"]) == {Action.REPLY}
    assert actions(found["question, answered by another"]) == set()
    assert actions(found["question, answered by the reader"]) == {Action.PUBLISH}
    assert actions(found["question, published"]) == {Action.UNPUBLISH}


def test_the_form_keeps_the_name_back_unless_it_is_chosen() -> None:
    form = asking_message.form(DEFINITION, "en")
    assert [key for key, _ in form.options] == [Naming.UNNAMED, Naming.NAMED]
    assert form.tap == Tap(Action.ASK)
    for words in ("give you away", "small team", "those responsible for the campaign get it, too"):
        assert words in form.note


def test_the_form_speaks_of_more_readers_only_where_there_are_any() -> None:
    assert "responsible" not in asking_message.form(definition(), "en").note


def test_faq_stands_in_the_order_of_its_letters() -> None:
    text = messages("en")["faq"].fallback_text
    assert text.index("Is it safe?") < text.index("Who pays?")


def test_faq_takes_no_questions_when_the_campaign_is_over() -> None:
    assert actions(asking_message.faq([], DEFINITION, "en", is_open=False)) == set()


def test_faq_without_room_numbers_the_questions_and_shows_the_answers_a_few_at_a_time() -> None:
    many = [Entry(f"Question {n:03}", f"Answer {n:03}") for n in range(100, 0, -1)]
    shown = asking_message.contents(many, DEFINITION, "en")
    buttons = [one for part in shown.parts if isinstance(part, Actions) for one in part.items]
    assert [one.label for one in buttons][:2] == ["Answers 1–8", "Answers 9–16"]
    assert "80. Question 080" in shown.fallback_text
    assert "Answer 0" not in shown.fallback_text
    assert "20 more are not shown." in shown.fallback_text
    tap = next(one.tap for one in buttons if isinstance(one, Button) and one.label.endswith("–16"))
    window = asking_message.answers(many, int(tap.value), DEFINITION, "en")
    assert "Question 009\n\nAnswer 009" in window.fallback_text
    assert actions(window) == set()
