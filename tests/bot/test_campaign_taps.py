"""The comms team in any chat: they hold a campaign, and approve a launch; nobody else does."""

import pytest

from bot.conversation import Conversation
from campaigns.domain.audit import comms
from campaigns.domain.messages import Action, Event, Tap
from campaigns.errors import StateError
from campaigns.flows import greeting
from campaigns.flows.planning import launch
from tests.bot.chat import VAULT, Chat
from tests.scene import definition


def test_handle_lets_only_the_comms_team_hold_a_campaign(chat: Chat) -> None:
    key = chat.scene.campaign.key
    boss = chat.scene.person("P8", email="Boss@agency.example")
    clerk = chat.scene.person("P9", email="")
    conversation = Conversation(
        chat.scene.database, VAULT, chat.messenger, lambda: chat.scene.now, {"boss@agency.example"}
    )
    for who, refused in ((clerk, True), (boss, False), (boss, True)):
        outcome = conversation.handle(Event(who.id, "", Tap(Action.HALT, value=key)))
        assert outcome.refused is refused
        assert outcome.toast
    assert not conversation.handle(Event(boss.id, "", Tap(Action.GO_ON, value=key))).refused
    assert conversation.handle(Event(boss.id, "", Tap(Action.HALT, value="none"))).refused


def test_handle_approves_a_launch_only_as_it_was_shown(chat: Chat) -> None:
    scene = chat.scene
    boss = scene.person("P8", email="boss@agency.example")
    content = definition(key="other-2027", approval=True)
    with pytest.raises(StateError, match="waits for another person"):
        launch(scene.database, content, scene.now, comms("P7"))
    conversation = Conversation(
        scene.database, VAULT, chat.messenger, lambda: scene.now, {"boss@agency.example"}
    )
    parts = greeting.home(scene.database, VAULT, boss, True, None, scene.now)
    page = " ".join(one.fallback_text for one in parts)
    assert "Asked for by comms team P7." in page
    assert "people: 1 · teams: 1" in page
    assert "bellwether campaign approve other-2027 --by P8" in page
    for shown, refused in (("0" * 16, True), (content.sha256[:16], False)):
        tap = Tap(Action.APPROVE, value=f"other-2027 {shown}")
        assert conversation.handle(Event(boss.id, "", tap)).refused is refused
    assert launch(scene.database, content, scene.now, comms("P7")).state == "running"
