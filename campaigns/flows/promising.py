"""The promise to staff: frozen at launch, made stricter by later versions and never weaker.

What stands in the messages that people read is what holds, so a version that would weaken it is
stored with what was promised before.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.definition import Confidentiality, Definition
from campaigns.domain.promises import stricter
from campaigns.storage import aggregates, campaigns
from campaigns.storage.campaigns import Launched


def kept(c: Connection, definition: Definition, now: datetime) -> Definition:
    """The definition with a promise that weakens none that was given in this campaign before.

    Raises DefinitionError where the two don't go together.
    """
    known = campaigns.ids_by_key(c).get(definition.campaign.key)
    if known is None:
        return definition
    before, _ = aggregates.rules(c, known, now)
    promise = stricter(before, definition.campaign.confidentiality)
    campaign = definition.campaign.model_copy(update={"confidentiality": promise})
    return definition.model_copy(update={"campaign": campaign})


def standing(c: Connection, now: datetime) -> list[tuple[Launched, Confidentiality]]:
    """Every campaign that was ever launched, with the promise that holds in it."""
    return [
        (launched, aggregates.rules(c, launched.id, now)[0])
        for launched in campaigns.all_launched(c)
    ]
