"""The promise to staff: frozen at launch, made stricter by later versions and never weaker.

What stands in the messages that people read is what holds, so a version that would weaken it is
stored with what was promised before.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.definition import Confidentiality
from campaigns.storage import aggregates, campaigns
from campaigns.storage.campaigns import Launched


def standing(c: Connection, now: datetime) -> list[tuple[Launched, Confidentiality]]:
    """Every campaign that was ever launched, with the promise that holds in it."""
    return [
        (launched, aggregates.rules(c, launched.id, now)[0])
        for launched in campaigns.all_launched(c)
    ]
