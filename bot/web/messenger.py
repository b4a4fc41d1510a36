"""The browser chat as a place to deliver to, behind the same port as a chat platform.

Its far side is the post box in our own database; it must be asked and answered as if it were
foreign: one short transaction a call, never inside anybody else's.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.people import Person
from campaigns.errors import FinalDeliveryError, NotFoundError
from campaigns.storage import mailbox
from campaigns.storage.database import Database


class BrowserMessenger:
    """A `Messenger` whose platform is the page where staff read and answer."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @property
    def lanes(self) -> Mapping[Act, Lane]:
        """Our own post box has no limits."""
        return {}

    @property
    def hands(self) -> int:
        """One: our own database is written to by one at a time."""
        return 1

    def in_lane(self, person: Person) -> bool:  # noqa: ARG002  nobody's messages wait here
        """Never."""
        return False

    def undisturbed_until(self, people: Sequence[Person], now: datetime) -> Mapping[int, datetime]:  # noqa: ARG002
        """Nobody: a page makes no sound."""
        return {}

    def send(self, person: Person, message: Message) -> str:
        """The message is in the person's thread, once per key; its id there.

        Raises FinalDeliveryError when the key is taken by another person's message.
        """
        try:
            with self._database.write() as c:
                return mailbox.post(c, person.id, message, self._now())
        except NotFoundError as error:
            raise FinalDeliveryError(str(error)) from None

    def find(self, person: Person, key: str) -> str | None:
        """The id of the message with that key in the person's thread, if it arrived."""
        with self._database.read() as c:
            return mailbox.find(c, person.id, key)

    def update(self, person: Person, external_id: str, message: Message) -> None:
        """The message reads like this now. Raises FinalDeliveryError when it isn't there."""
        try:
            with self._database.write() as c:
                mailbox.replace(c, person.id, external_id, message, self._now())
        except NotFoundError as error:
            raise FinalDeliveryError(str(error)) from None

    def keep(self, c: Connection, sent: Sequence[tuple[Person, str]]) -> None:
        """Nothing: the post box knows its messages."""
