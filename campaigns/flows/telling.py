"""What is held about a person, told to that person and to nobody else; nothing is stored of it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import holdings as content
from campaigns.domain.audit import names as audit_names
from campaigns.domain.messages import Message
from campaigns.domain.people import Person
from campaigns.storage import (
    campaigns,
    detector_states,
    directory,
    holdings,
    outbox,
    pseudonyms,
)
from campaigns.storage.vault import Vault
from sentiment.fading import NUMBERS


def held(connection: Connection, vault: Vault, person: Person, now: datetime) -> Message:
    """All that is kept about the person, as a message without a key: it is sent nowhere."""
    sent = outbox.of_person(connection, person.id)
    versions = {one.campaign_id: one.version_id for one in sent if one.version_id is not None}
    definitions = [campaigns.definition(connection, one) for one in versions.values() if one]
    team = directory.tree(connection).teams[person.team_id].name
    rest = content.wishes(person, person.language, now)
    found = holdings.of_person(connection, person.id, audit_names(person.external_id))
    names = pseudonyms.of_person(connection, vault, person.id)
    found = replace(found, n_carried=NUMBERS * len(detector_states.of_names(connection, names)))
    return content.held(person, team, found, definitions, rest)
