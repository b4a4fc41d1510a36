"""A question from one page to another and back, by keyboard, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.flows.asking import pass_on
from campaigns.storage import campaigns, directory, questions
from campaigns.storage.questions import NewQuestion
from tests.bot.web.stage import Stage
from tests.browser.test_every_page import violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
WORDS = "Do I keep my desk?"


@pytest.fixture
def office(stage: Stage) -> Stage:
    """The first person's team has an agent."""
    with stage.database.write() as c:
        person = directory.person_by_external_id(c, "P01")
        agent = directory.person_by_external_id(c, "P05")
        directory.replace_agents(c, [(person.team_id, agent.id)])
    return stage


def later(office: Stage) -> None:
    office.now.move(days=1)
    pass_on(office.database, office.now())
    office.deliver()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_asked_answered_and_published(
    office: Stage, open_page: Open, scripts: bool
) -> None:
    options = {"java_script_enabled": scripts, "viewport": {"width": 360, "height": 800}}
    page = open_page("/chat/P01", **options)
    vision = page.get_by_role("listitem").first
    vision.get_by_text("Ask a question").press("Enter")
    box = vision.get_by_label("What would you like to know?")
    expect(box).to_be_visible()
    box.fill(WORDS)
    expect(vision.get_by_label("No, without my name")).to_be_checked()
    vision.get_by_role("button", name="Send question").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("without your name")
    later(office)
    agents = open_page("/chat/P05", **options)
    card = agents.get_by_role("listitem").last
    expect(card.get_by_text(WORDS)).to_be_visible()
    card.get_by_label("Your answer").fill("Yes, you do.")
    card.get_by_role("button", name="Send answer").press("Enter")
    expect(agents.get_by_text("You have answered this.")).to_be_visible()
    agents.get_by_role("listitem").last.get_by_text("Publish for everybody").press("Enter")
    agents.get_by_label("The question in your words").fill("Does anybody move?")
    agents.get_by_role("button", name="Publish", exact=True).press("Enter")
    expect(agents.get_by_role("button", name="Take it out")).to_be_visible()
    later(office)
    asker = open_page("/chat/P01", **options)
    expect(asker.get_by_role("listitem").last.get_by_text("Yes, you do.")).to_be_visible()
    asker.get_by_role("link", name="Questions and answers").click()
    expect(asker.get_by_role("heading", name="Does anybody move?")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_page_about_questions_breaks_an_accessibility_rule(
    office: Stage, open_page: Open, scheme: str, width: int
) -> None:
    page = open_page("/chat/P01", color_scheme=scheme, viewport={"width": width, "height": 900})
    vision = page.get_by_role("listitem").first
    vision.get_by_text("Ask a question").press("Enter")
    vision.get_by_label("What would you like to know?").fill(WORDS)
    vision.get_by_role("button", name="Send question").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("without your name")
    later(office)
    origin = page.url.partition("/chat")[0]
    for path in ("/chat/P01", "/chat/P01/questions", "/chat/P05"):
        page.goto(origin + path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert violations(page) == [], path
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, path


@pytest.mark.parametrize("width", [360, 1280])
def test_comms_team_words_an_entry_anew(office: Stage, open_page: Open, width: int) -> None:
    publish(office)
    page = open_page("/dashboard/portal/questions", viewport={"width": width, "height": 800})
    page.get_by_text("Change the wording").press("Enter")
    page.get_by_label("Question", exact=True).fill("Do desks move?")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("heading", name="Do desks move?")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def publish(office: Stage) -> None:
    """One answer of the agent's stands there."""
    with office.database.write() as c:
        asker = directory.person_by_external_id(c, "P01")
        agent = directory.person_by_external_id(c, "P05")
        words = office.vault.encrypt(WORDS), office.vault.encrypt("Nobody moves.")
        campaign = campaigns.all_launched(c)[0].id
        new = NewQuestion(7, campaign, asker.id, asker.team_id, False, words[0], office.now())
        questions.put(c, new)
        reworded = office.vault.encrypt("Does anybody move?")
        questions.publish(c, questions.by_id(c, 7), reworded, words[1], agent.id, office.now())
