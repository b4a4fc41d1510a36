"""A person at the keyboard: answers, live updates, nothing half-typed is ever lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from campaigns.domain.messages import Heading, Message, Text
from campaigns.storage import directory, mailbox
from campaigns.storage.tables import answers
from tests.bot.web.stage import Stage, asking

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
POLL = 10_000  # ms: the page asks every two seconds


def post(stage: Stage, key: str, text: str) -> None:
    """Another message reaches the first person while the page is open."""
    stage.now.move(minutes=5)
    with stage.database.write() as c:
        person = directory.person_by_external_id(c, "P01")
        message = Message(key, text, "en", (Heading(text), Text(text)))
        external_id = mailbox.find(c, person.id, key)
        if external_id is None:
            mailbox.post(c, person.id, message, stage.now())
        else:
            mailbox.replace(c, person.id, external_id, message, stage.now())


def stored(stage: Stage) -> list[tuple[str, str]]:
    with stage.database.read() as c:
        query = select(answers.c.question, answers.c.kind).order_by(answers.c.id)
        return [(row.question, row.kind) for row in c.execute(query)]


def settled(page: Page) -> None:
    """What was swapped in takes presses by now; before that, a form posts by itself."""
    expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)


def press_until(page: Page, name: str, limit: int = 40) -> None:
    """Tab to the control with that name and press Enter."""
    settled(page)
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()")
        if focused.startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reached {name!r}")


def test_pulse_is_answered_by_keyboard_alone(stage: Stage, open_page: Open) -> None:
    page = open_page("/chat?q=Ada")
    press_until(page, "Ada Ångström")
    page.wait_for_url("**/chat/P01")
    press_until(page, "4 / 5")
    expect(page.get_by_text("What is in your way?")).to_be_visible()
    # The question that came takes the focus, so the next Tab is its first answer.
    expect(page.get_by_text("What is in your way?")).to_be_focused()
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    box = page.get_by_label("What would help you?")
    expect(box).to_be_focused()
    settled(page)
    page.keyboard.type("An hour with a colleague")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, that helps.")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Saved. Thank you.")
    assert stored(stage) == [("clear", "scale"), ("obstacle", "choice"), ("words", "text")]
    assert "colleague" not in page.url


def test_a_new_message_appears_without_reload(stage: Stage, open_page: Open) -> None:
    page = open_page("/chat/P01")
    page.evaluate("window.sameDocument = true")
    post(stage, "a" * 32, "Something new")
    expect(page.get_by_role("heading", name="Something new")).to_be_visible(timeout=POLL)
    assert page.evaluate("window.sameDocument")
    expect(page.get_by_role("listitem")).to_have_count(3)


def test_clock_and_pause_follow_without_reload(stage: Stage, open_page: Open) -> None:
    page = open_page("/chat/P01")
    page.get_by_role("banner").get_by_role("button", name="Pause messages").press("Enter")
    expect(page.get_by_role("button", name="Resume messages").first).to_be_visible()
    with stage.database.read() as c:
        until = directory.person_by_external_id(c, "P01").paused_until
    assert until == stage.now() + timedelta(days=28)


def test_a_question_asked_again_moves_down_on_an_open_page(stage: Stage, open_page: Open) -> None:
    page = open_page("/chat/P01", viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_text("You said “not now”")).to_be_visible()
    page.get_by_role("banner").get_by_role("button").focus()  # one stood in the question
    stage.now.move(hours=24)
    stage.deliver()
    expect(page.get_by_text("in a newer message")).to_be_visible(timeout=POLL)
    expect(page.get_by_role("button", name="4 / 5")).to_have_count(1)
    expect(page.get_by_role("listitem").last.get_by_role("button", name="4 / 5")).to_be_visible()


def test_a_long_message_is_entered_at_its_first_line(stage: Stage, open_page: Open) -> None:
    post(stage, "a" * 32, "A long one. " * 400)
    page = open_page("/chat/P01", viewport={"width": 390, "height": 844})
    expect(page.get_by_role("listitem").last.get_by_role("time")).to_be_in_viewport()


def test_half_typed_words_survive_updates(stage: Stage, open_page: Open) -> None:
    page = open_page("/chat/P01")
    page.get_by_role("button", name="4 / 5").click()
    page.get_by_role("button", name="No time").click()
    box = page.get_by_label("What would help you?")
    expect(box).to_be_focused()
    box.press_sequentially("Half a sen")
    pulse = stage.keys("P01")[0]
    post(stage, pulse, "This pulse is closed")  # the very message that is being typed into
    post(stage, "b" * 32, "Another message")
    expect(page.get_by_role("heading", name="Another message")).to_be_visible(timeout=POLL)
    expect(box).to_be_focused()
    expect(box).to_have_value("Half a sen")
    box.press_sequentially("tence")
    expect(box).to_have_value("Half a sentence")
    box.fill("")
    page.get_by_role("banner").get_by_role("button").focus()
    expect(page.get_by_role("heading", name="This pulse is closed")).to_be_visible()


def test_words_are_released_and_taken_back_by_keyboard_alone(stage: Stage, open_page: Open) -> None:
    stage.now.move(days=8)  # a week has its limit
    stage.launch(asking("second"))
    page = open_page("/chat/P01")
    newest = page.get_by_role("listitem").nth(2)  # the second pulse; a vision message follows it
    newest.get_by_role("button", name="4 / 5").press("Enter")
    newest.get_by_role("button", name="No time").press("Enter")
    newest.get_by_label("What would help you?").fill("Time to learn")
    newest.get_by_role("button", name="Send").press("Enter")
    expect(newest.get_by_text("Only if you like")).to_be_visible()
    newest.get_by_role("button", name="Learn from my words").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You can take it back here.")
    newest.get_by_role("button", name="Take this back").press("Enter")
    expect(newest.get_by_text("passed on to nobody")).to_be_visible()
    expect(newest.get_by_role("button")).to_have_count(0)


def test_chat_works_without_scripts(stage: Stage, open_page: Open) -> None:
    page = open_page("/chat/P01", java_script_enabled=False)
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    page.get_by_role("button", name="2 / 5").click()
    page.get_by_role("button", name="Nothing").click()
    page.get_by_label("What would help you?").fill("Time to learn")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you, that helps.")).to_be_visible()
    assert len(stored(stage)) == 3


def test_a_refused_press_is_said_and_loses_nothing(
    stage: Stage, open_page: Open, complaints: list[str]
) -> None:
    page = open_page("/chat/P01")
    page.get_by_role("button", name="4 / 5").click()
    page.get_by_role("button", name="No time").click()
    page.get_by_label("What would help you?").fill("My words")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("did not go through")
    expect(page.get_by_label("What would help you?")).to_have_value("My words")
    assert len(stored(stage)) == 2
    assert [line for line in complaints if "400" not in line] == []
    complaints.clear()


def test_search_narrows_the_list_while_typing(open_page: Open) -> None:
    page = open_page("/chat")
    expect(page.get_by_role("link", name="Person 4")).to_be_visible()
    page.get_by_label("Name, team or role").press_sequentially("ada")
    expect(page.get_by_role("link", name="Person 4")).to_be_hidden()
    expect(page.get_by_role("link", name="Ada Ångström")).to_be_visible()
