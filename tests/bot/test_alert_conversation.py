"""Change agents in any chat: they share the alerts of their team, and hear of nobody in need."""

import logging
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.conversation import Conversation
from bot.web.messenger import BrowserMessenger
from campaigns.domain.alerts import AlertKind, Finding, Strength
from campaigns.domain.confidentiality import Size
from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows import overseeing, reporting, scoring
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage import alerts, directory, mailbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import decisions
from sentiment.labels import Barrier, Stance, Theme
from tests.bot.chat import VAULT, Chat
from tests.fakes import FixedScorer, a_score
from tests.scene import Scene, event


@pytest.fixture
def agents(chat: Chat) -> list[Person]:
    """Two change agents of the team, and one of another."""
    found = [chat.scene.person(name) for name in ("A1", "A2", "A3")]
    with chat.scene.database.write() as connection:
        elsewhere = directory.put_team(connection, "Archive")
        mine, other = [(chat.scene.team_id, one.id) for one in found[:2]], found[2]
        directory.replace_agents(connection, [*mine, (elsewhere, other.id)])
    return found


@pytest.fixture
def alerted(chat: Chat, agents: list[Person]) -> list[Delivery]:
    """The alert about the team, as both of its agents got it."""
    finding = Finding("Permits", AlertKind.HIGH, Strength.SOME, chat.scene.now.date(), Size.FEW)
    with chat.scene.database.write() as connection:
        alert_id = alerts.put(
            connection, chat.scene.campaign.id, chat.scene.team_id, finding, chat.scene.now
        )
    return [
        chat.send(
            chat.scene.put(agent, "", Kind.ALERT, once=agent.external_id, subject_id=alert_id),
            agent,
        )
        for agent in agents[:2]
    ]


def test_handle_shows_every_agent_who_has_it_when_one_takes_an_alert(
    chat: Chat, alerted: list[Delivery]
) -> None:
    first = chat.press(alerted[0], Action.TAKE, value="1")
    assert first.toast == "It is yours now. Thank you."
    assert "You have this." in chat.reads(alerted[0]).fallback_text
    assert "Member A1 has this." in chat.reads(alerted[1]).fallback_text
    second = chat.press(alerted[1], Action.TAKE, value="1")
    assert second.toast == "Member took this just now."


def test_handle_hands_over_and_closes_when_an_agent_wishes_so(
    chat: Chat, alerted: list[Delivery]
) -> None:
    chat.press(alerted[0], Action.TAKE, value="1")
    refused = chat.press(alerted[0], Action.HAND_OVER, value="2", text="nobody")
    assert refused.toast == "Please choose another change agent."
    assert chat.press(alerted[0], Action.HAND_OVER, value="2", text="A2").toast == "Handed over."
    trying = chat.press(alerted[1], Action.TRY, value="3", text="elsewhere")
    assert trying.refused
    note = "We talked about the workload."
    done = chat.press(alerted[1], Action.CLOSE, value="3", text=note)
    assert done.toast == "Closed. Thank you."
    assert note not in repr(chat.messenger)


@pytest.mark.parametrize(("value", "toast"), [("1|7", "All right, you"), ("1|99", "This is not")])
def test_handle_puts_an_alert_off_when_the_days_are_in_order(
    chat: Chat, alerted: list[Delivery], value: str, toast: str
) -> None:
    assert chat.press(alerted[0], Action.SNOOZE, value=value).toast.startswith(toast)


def test_handle_keeps_an_alert_from_an_agent_when_it_is_another_teams(
    chat: Chat, agents: list[Person], alerted: list[Delivery]
) -> None:
    outcome = chat.press(alerted[0], Action.TAKE, value="1", person_id=agents[2].id)
    assert outcome.message is None


NEED = "I can't go on like this."
OTHERS = "Nobody showed me how this works."


@pytest.fixture
def three(database: Database, now: datetime) -> tuple[Scene, BrowserMessenger]:
    """A person, a colleague and their change agent in the browser chat."""
    scene = Scene(database, now)
    return scene, BrowserMessenger(database, lambda: scene.now)


def threads(scene: Scene, person: Person) -> str:
    with scene.database.read() as connection:
        return repr(mailbox.thread(connection, person.id))


def figures(scene: Scene) -> object:
    """Everything that a dashboard or the command line can show of the campaign."""
    key = scene.campaign.key
    overview = reporting.overview(scene.database, key, scene.now)
    return overview, overseeing.standing(scene.database, key, scene.now)


def test_handle_and_score_tell_nobody_when_words_sound_like_need(
    three: tuple[Scene, BrowserMessenger], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene, messenger = three
    conversation = Conversation(scene.database, VAULT, messenger, lambda: scene.now)
    person, colleague, agent = (scene.person(name) for name in ("P1", "P2", "P3"))
    with scene.database.write() as connection:
        directory.replace_agents(connection, [(scene.team_id, agent.id)])
    for one in (person, colleague, agent):
        pulse = scene.pulse(one)
        with scene.database.read() as connection:
            messenger.send(one, compose(connection, pulse, scene.now))
        words = NEED if one is person else OTHERS
        conversation.handle(event(pulse, Action.WRITE, "why", text=words))
    before = {one.id: threads(scene, one) for one in (colleague, agent)}
    reported = figures(scene)
    scorer = FixedScorer(
        {
            NEED: a_score(Stance.RESISTANT, themes=(Theme.JOB_SECURITY,), safeguarding=True),
            OTHERS: a_score(Stance.AMBIVALENT, Barrier.KNOWLEDGE),
        }
    )
    scoring.score_pending(scene.database, VAULT, scorer, scene.now)
    deliver_due(scene.database, messenger, compose, scene.now)
    assert "555-0100" in threads(scene, person)
    assert {one.id: threads(scene, one) for one in (colleague, agent)} == before
    assert figures(scene) == reported
    with scene.database.read() as connection:
        assert set(connection.scalars(select(decisions.c.inputs))) == {"barrier"}
        assert person.id not in set(connection.scalars(select(decisions.c.person_id)))
    for trace in ("go on", "555-0100", "safeguarding", "help", person.name):
        assert trace not in caplog.text
