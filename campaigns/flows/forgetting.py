"""A person has what they answered and asked deleted: all of it or, for the moment, nothing.

Nobody is told, no log has an entry, and no figure that was published changes. A period that closes
at the same moment is made without these answers, or was published before.
"""

from campaigns.domain.rights import Gone
from campaigns.storage import campaigns, detector_states, erasing, pseudonyms
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


def forget(database: Database, vault: Vault, person_id: int) -> Gone | None:
    """What was deleted, by kind; None where a message is on its way and nothing was."""
    with database.write() as c:
        # Whoever closes a period, erases or scores anew waits for us, as we do for them.
        campaigns.hold(c, [one.id for one in campaigns.all_launched(c)])
        gone = erasing.forget(c, person_id)
        if gone is not None:
            detector_states.forget_people(c, pseudonyms.of_person(c, vault, person_id))
        return gone
