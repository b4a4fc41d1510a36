"""Who it is that Slack names: a person of ours, or nobody we know."""

from campaigns.domain.people import Person
from campaigns.errors import NotFoundError
from campaigns.storage import directory, slack_ids
from campaigns.storage.database import Database

FALLBACK = "en"


class People:
    """Looks people up by their Slack ids, one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, slack_id: str) -> Person | None:
        """The person whom Slack knows by that id, if they are with us."""
        try:
            with self._database.read() as connection:
                person_id = slack_ids.person_id(connection, slack_id)
                person = directory.person(connection, person_id)
        except NotFoundError:
            return None
        return person if person.active else None

    def language(self, slack_id: str) -> str:
        """What to speak to whoever that is."""
        person = self.find(slack_id)
        return person.language if person else FALLBACK
