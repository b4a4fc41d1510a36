"""Two of the invented change agents do their work in the demo; the third alert is left to you."""

from datetime import datetime, timedelta

from bot.conversation import Conversation
from campaigns.domain.messages import Action, Actions, Button, Event, Message
from campaigns.storage import directory, mailbox
from campaigns.storage.database import Database

# Change agent → how long after its arrival an alert is taken.
TAKES_AFTER = {"P0323": timedelta(hours=20), "P0298": timedelta(days=2)}
RECENT = 10  # messages of an agent's chat that are looked through


def take_button(message: Message) -> Button | None:
    """The button that takes an alert, where the message has one."""
    for part in message.parts:
        if isinstance(part, Actions):
            for item in part.items:
                if isinstance(item, Button) and item.tap.action is Action.TAKE:
                    return item
    return None


class Agents:
    """People who look at their alerts now and then."""

    def __init__(self, database: Database, conversation: Conversation) -> None:
        self._database, self._conversation = database, conversation
        with database.read() as connection:
            self._agents = {
                directory.person_by_external_id(connection, name).id: delay
                for name, delay in TAKES_AFTER.items()
            }

    def look(self, now: datetime) -> None:
        """Alerts that have waited long enough are taken."""
        for person_id, delay in self._agents.items():
            with self._database.read() as connection:
                thread = mailbox.thread(connection, person_id, RECENT)
            for posted in thread:
                button = take_button(posted.message)
                if button is not None and posted.posted_at + delay <= now:
                    event = Event(person_id, posted.message.key, button.tap)
                    self._conversation.handle(event)
