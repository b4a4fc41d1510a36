"""The demo in Slack: what a visitor of the window reads, presses and types reaches Bellwether."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from rich.console import Console
from sqlalchemy import func, select

from campaigns.storage.tables import answers, deliveries
from tests.slack.demo import Demo, agency_in_slack
from tests.slack.window import create_window

pytestmark = pytest.mark.slow
CLERK, COLLEAGUE, AGENT, COMMS = 0, 1, 4, 6
PATIENT = 30.0  # seconds on a busy machine


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The second day of the campaign: everybody in Slack has the vision message and the pulse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("demo"))
        with agency_in_slack(0, Console(quiet=True)) as begun:
            yield begun


class Visitor:
    """Reads pages, and sends their forms as a browser without scripts would."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.client = demo, create_window(demo).test_client()
        self.token = _hidden(self.get("/", 200), "csrf_token")

    def get(self, path: str, code: int) -> str:
        found = self.client.get(path, follow_redirects=True)
        assert found.status_code == code
        return unescape(found.text)

    def post(self, path: str, code: int = 200, **fields: str) -> str:
        form = {"csrf_token": self.token, **fields}
        found = self.client.post(path, data=form, follow_redirects=True)
        assert found.status_code == code
        return unescape(found.text)

    def messages(self, number: int, code: int = 200) -> str:
        return self.get(f"/people/{self.id(number)}/messages", code)

    def home(self, number: int) -> str:
        return self.get(f"/people/{self.id(number)}/home", 200)

    def id(self, number: int) -> str:
        return self.demo.people[number].id

    def press(self, page: str, label: str, number: int, tab: str = "messages") -> str:
        """The last button on the page that says so is pressed; the page that follows."""
        pattern = rf'name="action" value="([^"]+)"[^>]*>{re.escape(label)} ?<'
        *_, button = re.finditer(pattern, page)
        form = page[: button.start()].rpartition("<form")[2]
        where, block = _hidden(form, "where"), _hidden(form, "block")
        path = f"/people/{self.id(number)}/{tab}/tap"
        return self.post(path, action=button[1], where=where, block=block)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def visitor(demo: Demo) -> Visitor:
    return Visitor(demo)


def n_answers(demo: Demo) -> int:
    with demo.stage.application.database.read() as c:
        return c.execute(select(func.count()).select_from(answers)).scalar_one()


def test_window_shows_what_was_sent_in_the_persons_language(visitor: Visitor) -> None:
    page = visitor.messages(CLERK)
    assert "Why we are moving permits into one portal" in page
    assert "How is it going with the portal?" in page
    assert "Wie läuft es mit dem Portal?" in visitor.messages(COLLEAGUE)


def test_pulse_is_answered_and_stored_when_the_visitor_presses_and_types(visitor: Visitor) -> None:
    before = n_answers(visitor.demo)
    page = visitor.press(visitor.messages(CLERK), "2", CLERK)
    assert "Question 2 of 3" in page
    page = visitor.press(page, "3", CLERK)
    assert "Question 3 of 3" in page
    page = visitor.press(page, "Write an answer", CLERK)
    assert 'role="dialog"' in page
    path = f"/people/{visitor.id(CLERK)}/messages/submit"
    view = _hidden(page.partition('role="dialog"')[2], "view")
    page = visitor.post(path, view=view, words="The scanner is slow, and the course was full.")
    assert 'role="dialog"' not in page
    assert "Thank you, that helps." in page
    assert n_answers(visitor.demo) == before + 3


def test_question_is_forgotten_when_the_visitor_cancels(visitor: Visitor) -> None:
    before = n_answers(visitor.demo)
    page = visitor.press(visitor.messages(AGENT), "Ask a question", AGENT)
    window = page.partition('role="dialog"')[2]
    assert "Without your name" in window
    assert "Question 1 of" not in window  # that is of the pulse below it
    view = _hidden(window, "view")
    page = visitor.post(f"/people/{visitor.id(AGENT)}/messages/close", view=view)
    assert 'role="dialog"' not in page
    assert n_answers(visitor.demo) == before


def test_window_keeps_what_was_typed_when_slack_does_not_send_it_off(visitor: Visitor) -> None:
    page = visitor.press(visitor.messages(COMMS), "Ask a question", COMMS)
    view = _hidden(page.partition('role="dialog"')[2], "view")
    path = f"/people/{visitor.id(COMMS)}/messages/submit"
    page = visitor.post(path, 422, view=view, words="x" * 3001)
    assert "x" * 3001 in page
    visitor.post(f"/people/{visitor.id(COMMS)}/messages/close", view=view)


def test_home_page_opens_by_role(visitor: Visitor) -> None:
    assert "How your answers are protected" in visitor.home(CLERK)
    assert "Permits portal, first twelve weeks" in visitor.home(COMMS)


def test_command_is_answered_to_the_one_who_typed_it(visitor: Visitor) -> None:
    path = f"/people/{visitor.id(AGENT)}/command"
    page = visitor.post(path, text="/bellwether")
    assert "Only visible to you" in page
    assert "Only /bellwether can be typed here" in visitor.post(path, text="hello there")


def test_reminder_comes_when_days_pass_without_an_answer(visitor: Visitor) -> None:
    began, who = visitor.demo.now(), visitor.id(COLLEAGUE)
    for _ in range(3):
        page = visitor.post("/later", step="day", person=who, tab="messages")
    assert visitor.demo.now() == began + timedelta(days=3)
    assert "Für die Fragen dieser Woche ist noch Zeit" in page


def test_nobody_gets_a_message_twice(demo: Demo) -> None:
    for one in demo.people:
        shown = [m for m in demo.slack.messages(one.id) if not m.only_for]
        keys = [m.metadata["event_payload"]["key"] for m in shown if m.metadata]
        assert len(keys) == len(set(keys)) > 0


def test_everything_went_over_the_socket(demo: Demo) -> None:
    with demo.stage.application.database.read() as c:
        rows = select(deliveries.c.external_id).where(deliveries.c.external_id.contains(":"))
        assert len(c.execute(rows).all()) >= 2 * len(demo.people)
    assert demo.slack.calls("apps.connections.open")


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/people/UNOBODY/{tab}/tap", {}, "Nobody in this demo has that id"),
        ("/people/{id}/{tab}/tap", {"where": "1.1"}, "not open any more"),
        (
            "/people/{id}/{tab}/tap",
            {"where": "{ts}", "action": "x'\"<"},
            "That button is not there",
        ),
        (
            "/people/{id}/{tab}/tap",
            {"where": "{ts}", "kind": "users_select", "choice": "U'"},
            "Nobody in this demo",
        ),
        ("/people/{id}/{tab}/submit", {"view": "V0"}, "not open any more"),
        ("/people/{id}/{tab}/close", {}, "not open any more"),
        ("/people/{id}/elsewhere/close", {}, "no such page"),
        ("/people/UNOBODY/command", {"text": "/bellwether"}, "Nobody in this demo has that id"),
        ("/later", {"step": "century"}, "an hour, a day or a week"),
        ("/nowhere", {}, "no such page"),
    ],
)
def test_window_says_what_is_wrong_when_it_is_fed_rubbish(
    visitor: Visitor, path: str, fields: dict[str, str], said: str
) -> None:
    who = visitor.id(CLERK)
    known = {"id": who, "tab": "messages", "ts": visitor.demo.slack.messages(who)[0].ts}
    sent = {name: value.format(**known) for name, value in fields.items()}
    page = visitor.post(path.format(**known), 404, **sent)
    assert said in page
    assert "To the first person's messages" in page


@pytest.mark.parametrize("path", ["/people/UNOBODY/messages", "/people/%00/home", "/people"])
def test_window_has_no_page_for_whoever_is_not_there(visitor: Visitor, path: str) -> None:
    assert "That did not work" in visitor.get(path, 404)


def test_form_from_elsewhere_is_refused(demo: Demo) -> None:
    client: FlaskClient = create_window(demo).test_client()
    found = client.post("/later", data={"step": "hour", "person": demo.people[0].id})
    assert found.status_code == 400
    assert "came from elsewhere" in found.text
