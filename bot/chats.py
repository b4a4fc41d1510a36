"""Two chats behind one messenger: Slack for whom it knows, the browser for everybody else.

A person may come to Slack in the midst of a campaign. So what was sent is looked for in both, and
is edited where it stands.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.people import Person
from campaigns.flows.delivering import Messenger


class Chats:
    """A `Messenger` that hands each call on to the chat that the person has."""

    def __init__(self, slack: Messenger, browser: Messenger) -> None:
        self._slack, self._browser = slack, browser

    @property
    def lanes(self) -> Mapping[Act, Lane]:
        """Slack's; the browser has none."""
        return self._slack.lanes

    @property
    def hands(self) -> int:
        """Slack's, which takes longer."""
        return self._slack.hands

    def in_lane(self, person: Person) -> bool:
        """Whether the person is written to in Slack."""
        return self._slack.in_lane(person)

    def undisturbed_until(self, people: Sequence[Person], now: datetime) -> Mapping[int, datetime]:
        """What Slack knows of its own people."""
        return self._slack.undisturbed_until([one for one in people if one.slack_id], now)

    def send(self, person: Person, message: Message) -> str:
        """The message is where the person reads."""
        return self._of(person).send(person, message)

    def find(self, person: Person, key: str) -> str | None:
        """The id of the message with that key, in whichever chat it arrived."""
        found = self._browser.find(person, key)
        return self._slack.find(person, key) if found is None and person.slack_id else found

    def update(self, person: Person, external_id: str, message: Message) -> None:
        """The message reads like this now, where it was sent."""
        chat = self._slack if _is_slacks(external_id) else self._browser
        chat.update(person, external_id, message)

    def keep(self, c: Connection, sent: Sequence[tuple[Person, str]]) -> None:
        """Each chat keeps what it needs of its own messages."""
        self._slack.keep(c, [one for one in sent if _is_slacks(one[1])])
        self._browser.keep(c, [one for one in sent if not _is_slacks(one[1])])

    def _of(self, person: Person) -> Messenger:
        return self._slack if person.slack_id else self._browser


def _is_slacks(external_id: str) -> bool:
    """Slack's are a conversation and a moment; the browser's are a number."""
    return ":" in external_id
