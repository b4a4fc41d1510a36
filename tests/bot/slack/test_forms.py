"""Windows of Slack: words go into them and nowhere else, and what was typed is never lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.storage.database import Database
from tests.bot.slack.office import Office, office
from tests.slack.workspace import View

WORDS = "Nobody has time for this, honestly."


@pytest.fixture
def at(sqlite_database: Database, now: datetime) -> Iterator[Office]:
    with office(sqlite_database, now, "P1") as found:
        yield found


@pytest.fixture
def person(at: Office) -> Person:
    return at.person()


def opened(at: Office, person: Person) -> View:
    """The window of the pulse's last question."""
    pulse = at.pulse(person)
    at.slack.tap("U0P1", pulse, "answer_5")
    asked = at.reads(person, "What makes you say so?")
    assert at.slack.tap("U0P1", asked, "Write an answer").acked
    return at.window(person)


def given(at: Office, person: Person) -> dict[str, int | str | None]:
    with at.scene.database.read() as c:
        return answering.given(c, at.scene.outbox(person)[0].id)


def test_a_window_shows_the_question_and_the_promise_and_carries_no_answer(
    at: Office, person: Person
) -> None:
    content = opened(at, person).content
    assert "What makes you say so?" in str(content)
    assert "Confidential:" in str(content)
    assert "ready" not in content["private_metadata"]
    assert content["blocks"][0]["element"]["max_length"] == 1000


def test_words_are_stored_encrypted_and_shown_nowhere(
    at: Office, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    at.slack.submit(opened(at, person), {"words": WORDS})
    at.reads(person, "Thank you, that helps.")
    with at.scene.database.read() as c:
        kept = c.execute(text("SELECT words FROM answers WHERE words IS NOT NULL")).scalar_one()
        assert c.execute(text("SELECT count(*) FROM inbox WHERE content IS NOT NULL")).scalar() == 0
    assert at.vault.decrypt(kept) == WORDS
    assert WORDS not in caplog.text + str(at.slack.messages("U0P1")) + str(at.slack.calls())


def test_an_empty_window_is_a_skip(at: Office, person: Person) -> None:
    at.slack.submit(opened(at, person), {"words": ""})
    at.reads(person, "Thank you, that helps.")
    assert given(at, person)["why"] is None


@pytest.mark.parametrize(
    "words", ["🙂🙂🙂", "שלום, אין לי זמן", "x" * 1000, "a\x00b", "<!channel> <@U0P1> &amp;"]
)
def test_any_words_are_taken(at: Office, person: Person, words: str) -> None:
    assert at.slack.submit(opened(at, person), {"words": words}).acked
    at.reads(person, "Thank you, that helps.")
    assert given(at, person)["why"] == ""


def test_words_that_no_window_would_take_are_cut(at: Office, person: Person) -> None:
    window = opened(at, person)
    typed = {"words": {"words": {"type": "plain_text_input", "value": "x y" * 40_000}}}
    payload = at.slack.payloads.submission(window, typed)
    assert at.slack.wire.deliver("interactive", payload).wait().acked
    at.reads(person, "Thank you, that helps.")
    with at.scene.database.read() as c:
        kept = c.execute(text("SELECT words FROM answers WHERE words IS NOT NULL")).scalar_one()
    assert 900 < len(at.vault.decrypt(kept)) <= 1000


def test_a_window_says_so_when_the_questions_closed_meanwhile(at: Office, person: Person) -> None:
    window = opened(at, person)
    at.scene.now += timedelta(days=7)
    assert at.slack.submit(window, {"words": WORDS}).acked
    [shown] = at.slack.views("U0P1")
    assert "These questions are closed. Nothing was saved." in str(shown.content)
    assert "why" not in given(at, person)


def test_a_window_keeps_the_words_when_they_can_not_be_stored(at: Office, person: Person) -> None:
    window = opened(at, person)

    with at.without_database():
        sent = at.slack.submit(window, {"words": WORDS})
    assert sent.acked
    assert sent.response is not None
    assert "send them again" in sent.response["errors"]["words"]
    assert at.slack.views("U0P1") == [window]
    assert at.slack.submit(window, {"words": WORDS}).acked
    at.reads(person, "Thank you, that helps.")


def test_a_window_sent_twice_counts_once(at: Office, person: Person) -> None:
    window = opened(at, person)
    assert at.slack.submit(window, {"words": WORDS}).acked
    assert at.slack.submit(window, {"words": "Something else"}).acked
    assert given(at, person) == {"ready": 5, "why": ""}


def test_a_window_that_can_not_open_asks_to_press_again(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    at.slack.tap("U0P1", pulse, "answer_5")
    asked = at.reads(person, "What makes you say so?")
    at.slack.faults.add("views.open", 429, 1)
    assert at.slack.tap("U0P1", asked, "Write an answer").acked
    at.whispered(person, "Please press once more.")
    assert at.slack.tap("U0P1", asked, "Write an answer").acked
    assert at.window(person)


def test_no_window_opens_when_the_question_is_no_longer_asked(at: Office, person: Person) -> None:
    pulse = at.pulse(person)
    at.slack.tap("U0P1", pulse, "answer_5")
    asked = at.reads(person, "What makes you say so?")
    at.scene.now += timedelta(days=7)
    assert at.slack.tap("U0P1", asked, "Write an answer").acked
    at.whispered(person, "This is not asked here any more. Nothing was saved.")
    at.reads(person, "These questions are closed.")
    assert not at.slack.views("U0P1")
