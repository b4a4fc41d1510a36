"""A chat in memory, over a scene, for tests that press buttons and read what became of them."""

from typing import Any

from bot.conversation import Conversation
from campaigns.domain.messages import Action, Message, Outcome
from campaigns.domain.people import Person
from campaigns.flows.composing import compose
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault, new_key
from tests.fakes import RecordingMessenger
from tests.scene import Scene, event

VAULT = Vault([new_key()])


class Chat:
    """A scene with somebody to talk to; its clock is the scene's."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.messenger = RecordingMessenger()
        self.conversation = Conversation(
            scene.database, VAULT, self.messenger, lambda: self.scene.now
        )

    def send(self, delivery: Delivery, person: Person) -> Delivery:
        """The delivery is on the platform."""
        with self.scene.database.read() as connection:
            message = compose(connection, delivery, self.scene.now)
        self.messenger.send(person, message)
        return delivery

    def press(self, delivery: Delivery, action: Action, *args: Any, **more: Any) -> Outcome:
        return self.conversation.handle(event(delivery, action, *args, **more))

    def reads(self, delivery: Delivery) -> Message:
        """How the message reads on the platform now."""
        shown = self.messenger.shown(delivery.person_id)
        return next(message for message in shown if message.key == delivery.key)
