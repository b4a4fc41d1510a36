"""The Home page and the command: by role, made when looked at, with buttons that work."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from campaigns.domain.alerts import AlertKind, AlertState, Finding, Strength
from campaigns.domain.confidentiality import Size
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.storage import alerts, campaigns, directory, questions
from campaigns.storage.database import Database
from campaigns.storage.questions import NewQuestion
from tests.bot.slack.office import Office, office


@pytest.fixture
def at(sqlite_database: Database, now: datetime) -> Iterator[Office]:
    with office(sqlite_database, now, "P1", "P2", "P9") as found:
        yield found


def page(at: Office, slack_id: str) -> str:
    shown = at.slack.open_home(slack_id, 20.0)
    assert shown is not None
    return str(shown.content)


def alert_before(at: Office, person: Person, n: int = 0) -> int:
    """An alert about the person's team, which they answer for."""
    finding = Finding("Permits", AlertKind.RISING, Strength.STRONG, at.now().date(), Size.TENS)
    with at.scene.database.write() as c:
        directory.replace_agents(c, [(at.scene.team_id, person.id)])
        alert_id = alerts.put(c, at.scene.campaign.id, at.scene.team_id, finding, at.now())
    at.deliver(at.scene.put(person, "", Kind.ALERT, subject_id=alert_id, once=f"alert{n}"))
    return alert_id


def test_staff_see_their_question_the_change_their_messages_and_the_promise(at: Office) -> None:
    person = at.person()
    at.deliver(at.scene.put(person, "vision", Kind.VISION))
    at.pulse(person)
    shown = page(at, "U0P1")
    assert shown.index("I feel ready for the portal.") < shown.index("What changes for you")
    for words in (
        "Permits go through one portal.",
        "Next: Monday",
        "Your last messages",
        "Fewer messages",
        "What do you hold about me?",
        "Ask a question",
        "Confidential:",
    ):
        assert words in shown, words
    assert "Open alerts" not in shown
    assert "Pause this campaign" not in shown


def test_a_question_is_answered_on_the_page_and_the_page_goes_on(at: Office) -> None:
    person = at.person()
    at.pulse(person)
    page(at, "U0P1")
    before = at.slack.home("U0P1")
    assert before is not None
    assert at.slack.tap("U0P1", before, "2").acked
    at.slack.until(lambda: "What is in your way?" in str(at.slack.home("U0P1")), 20.0)
    at.reads(person, "What is in your way?")


def test_a_change_agent_sees_open_alerts_first_and_takes_one_there(at: Office) -> None:
    agent = at.person("P2")
    alert_id = alert_before(at, agent)
    shown = page(at, "U0P2")
    assert shown.index("Permits needs a change agent") < shown.index("What changes for you")
    before = at.slack.home("U0P2")
    assert before is not None
    assert at.slack.tap("U0P2", before, "I take this").acked
    at.slack.until(lambda: "You have this." in str(at.slack.home("U0P2")), 20.0)
    with at.scene.database.read() as c:
        assert alerts.by_id(c, alert_id).agent_id == agent.id


def test_a_change_agent_without_alerts_is_told_so(at: Office) -> None:
    agent = at.person("P2")
    with at.scene.database.write() as c:
        directory.replace_agents(c, [(at.scene.team_id, agent.id)])
    assert "No team needs you right now." in page(at, "U0P2")


def test_the_comms_team_sees_how_campaigns_stand_and_pauses_one(at: Office) -> None:
    person = at.person()
    at.pulse(person)
    at.person("P9", email="Boss@agency.example")
    shown = page(at, "U0P9")
    assert "Sent\\n1" in shown
    assert "Queued\\n0" in shown
    before = at.slack.home("U0P9")
    assert before is not None
    assert at.slack.tap("U0P9", before, "Pause this campaign").acked
    at.slack.until(lambda: "Let it go on" in str(at.slack.home("U0P9")), 20.0)
    with at.scene.database.read() as c:
        assert campaigns.by_id(c, at.scene.campaign.id).state == campaigns.PAUSED


def test_a_stranger_is_told_whom_to_ask(at: Office) -> None:
    assert "Bellwether doesn’t know you yet" in page(at, "U0P1")


def test_a_page_that_somebody_else_made_newer_is_made_anew(at: Office) -> None:
    at.person()
    page(at, "U0P1")
    at.slack.event("app_home_opened", user="U0P1", tab="home", view={"hash": "0.stale"})
    at.slack.until(lambda: len(at.slack.calls("views.publish")) >= 3, 20.0)
    last = at.slack.calls("views.publish")[-1]
    assert "hash" not in last.args or not last.args["hash"]


def test_a_page_is_published_only_when_somebody_looks(at: Office) -> None:
    person = at.person()
    at.pulse(person)
    at.slack.tap("U0P1", at.newest(person), "2")
    at.reads(person, "What is in your way?")
    at.slack.event("app_home_opened", user="U0P1", tab="messages")
    assert not at.slack.calls("views.publish")


def test_an_event_that_comes_twice_is_done_once(at: Office) -> None:
    at.person()
    payload = at.slack.payloads.event("app_home_opened", {"user": "U0P1", "tab": "home"})
    for attempt in range(3):
        assert at.slack.wire.deliver("events_api", payload, attempt=attempt).wait().acked
    other = at.slack.payloads.event("app_home_opened", {"user": "U0P1", "tab": "home"})
    at.slack.wire.deliver("events_api", other).wait()
    at.slack.until(lambda: len(at.slack.calls("views.publish")) == 2, 20.0)


def test_what_is_held_opens_in_a_window_that_keeps_nothing(at: Office) -> None:
    person = at.person(email="p1@agency.example")
    at.pulse(person)
    page(at, "U0P1")
    before = at.slack.home("U0P1")
    assert before is not None
    assert at.slack.tap("U0P1", before, "What do you hold about me?").acked
    shown = str(at.window(person).content)
    assert "p1@agency.example" in shown
    assert "Answers in your own words\\n0" in shown
    assert "Answers are erased after 12 months." in shown
    assert len(at.slack.messages("U0P1")) == 1


def test_copy_is_an_address_in_a_window_and_deleting_asks_first(at: Office) -> None:
    person = at.person()
    at.pulse(person)
    page(at, "U0P1")
    before = at.slack.home("U0P1")
    assert before is not None
    assert "This can’t be undone." in str(before.content)
    assert at.slack.tap("U0P1", before, "Get a copy of my data").acked
    shown = at.window(person)
    assert "https://change.example/copy/P1" in str(shown.content)
    assert "https://change.example" not in str(at.slack.messages("U0P1"))
    assert at.slack.tap("U0P1", before, "Delete my data").acked
    at.slack.until(lambda: "nothing to delete" in str(at.window(person).content), 20.0)
    assert len(at.slack.messages("U0P1")) == 1


def test_the_command_shows_the_same_to_that_person_alone(at: Office) -> None:
    person = at.person()
    at.pulse(person)
    assert at.slack.command("U0P1", "whatever I typed").acked
    at.whispered(person, "What changes for you")
    shown = at.slack.messages("U0P1")[-1]
    assert at.slack.tap("U0P1", shown, "Fewer messages").acked
    at.whispered(person, "one message a week at the most")


def test_the_command_answers_a_stranger(at: Office) -> None:
    assert at.slack.command("U0P1").acked
    at.slack.until(lambda: "know you yet" in str(at.slack.messages("U0P1")), 20.0)


def test_a_closed_question_is_not_on_the_page(at: Office) -> None:
    at.pulse(at.person())
    at.scene.now += timedelta(days=7)
    assert "I feel ready" not in page(at, "U0P1")


def test_published_questions_are_on_the_page_and_their_answers_in_a_window(at: Office) -> None:
    person, agent = at.person(), at.person("P2")
    at.deliver(at.scene.put(person, "vision", Kind.VISION))
    assert "Questions and answers" not in page(at, "U0P1")
    publish(at, person, agent)
    shown = page(at, "U0P1")
    assert "1. Do desks move?" in shown
    assert "Nobody moves." not in shown
    assert shown.index("What changes for you") < shown.index("Do desks move?")
    before = at.slack.home("U0P1")
    assert before is not None
    assert at.slack.tap("U0P1", before, "Read the answers").acked
    window = str(at.window(person).content)
    assert "Do desks move?" in window
    assert "Nobody moves." in window
    assert len(at.slack.messages("U0P1")) == 1
    assert "Do desks move?" not in page(at, "U0P2")  # no message has reached them


def publish(at: Office, asker: Person, agent: Person) -> None:
    """The agent has answered the person and published it."""
    words = at.vault.encrypt("May I keep my desk?"), at.vault.encrypt("Nobody moves.")
    new = NewQuestion(7, at.scene.campaign.id, asker.id, asker.team_id, False, words[0], at.now())
    with at.scene.database.write() as c:
        questions.put(c, new)
        reworded = at.vault.encrypt("Do desks move?")
        questions.publish(c, questions.by_id(c, 7), reworded, words[1], agent.id, at.now())


@pytest.mark.parametrize("label", ["Pause messages", "What do you hold about me?"])
def test_a_dead_button_on_the_page_is_answered_in_a_window_and_the_page_is_made_anew(
    at: Office, label: str
) -> None:
    person = at.person()
    page(at, "U0P1")
    before = at.slack.home("U0P1")
    assert before is not None
    at.scene.now += timedelta(days=31)
    assert at.slack.tap("U0P1", before, label).acked
    assert "This button is too old." in str(at.window(person).content)
    at.slack.until(lambda: at.slack.home("U0P1") is not before, 20.0)


def test_who_was_first_is_said_over_the_page_when_another_took_the_alert(at: Office) -> None:
    agent, other = at.person("P2"), at.person("P1")
    alert_id = alert_before(at, agent)
    page(at, "U0P2")
    before = at.slack.home("U0P2")
    assert before is not None
    with at.scene.database.write() as c:
        found = alerts.by_id(c, alert_id)
        alerts.change(c, found, AlertState.TAKEN, at.now(), agent_id=other.id)
    assert at.slack.tap("U0P2", before, "I take this").acked
    assert "took this" in str(at.window(agent).content)


def test_pages_that_come_slowly_hold_nobody_elses_answer_back(at: Office) -> None:
    person = at.person()
    pulse = at.pulse(person)
    at.slack.faults.add("views.publish", "slow", 3, seconds=6.0)
    for _ in range(3):
        at.slack.event("app_home_opened", user="U0P9", tab="home")
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.slack.until(lambda: "What is in your way?" in at.newest(person).text, 5.0)


def test_the_command_says_everything_in_messages_that_slack_takes(at: Office) -> None:
    agent = at.person("P9", email="boss@agency.example")
    for n in range(6):
        alert_before(at, agent, n)
    assert at.slack.command("U0P9").acked
    at.whispered(agent, "How your answers are protected")
    shown = at.slack.messages("U0P9")
    said = [one.text for one in shown if one.only_for]
    assert len(said) > 1
    assert "What changes for you" in "".join(said)
