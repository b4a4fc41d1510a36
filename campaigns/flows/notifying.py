"""Whoever answers for something is told of it: change agents of an alert, of a question.

It never says what an alert rests on, nor whose question it is: the message does, as it stands when
it is read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.outbox import Kind
from campaigns.storage import outbox
from campaigns.storage.campaigns import Launched
from campaigns.storage.outbox import NewDelivery


def notify(
    c: Connection,
    launched: Launched,
    kind: Kind,
    subject_id: int,
    people: Sequence[int],
    now: datetime,
    again: str = "",
) -> None:
    """Each of these people gets the message about it, once; `again` sets a repetition apart."""
    rows = [
        NewDelivery(
            once=f"{kind}:{subject_id}:{person}{again}",
            kind=kind,
            person_id=person,
            due_at=now,
            campaign_id=launched.id,
            version_id=launched.version_id,
            subject_id=subject_id,
        )
        for person in people
    ]
    outbox.put(c, rows)
