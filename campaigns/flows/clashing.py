"""Which touchpoints of a campaign come at a bad moment, beside all others that run."""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.bad_moments import BadMoment, Elsewhere, bad_moments
from campaigns.storage import campaigns, directory
from campaigns.storage.campaigns import STOPPED, Launched


def elsewhere(c: Connection, key: str) -> tuple[Elsewhere, ...]:
    """The running campaigns but for the one with that key."""
    return tuple(
        Elsewhere(one.definition, one.launched_at.date())
        for one in campaigns.running(c)
        if one.key != key
    )


def to_move(c: Connection, launched: Launched, now: datetime) -> list[BadMoment]:
    """What is still to come at a bad moment, in order; nothing of a stopped campaign."""
    if launched.state == STOPPED:
        return []
    tree = directory.tree(c, active_only=True)
    others = elsewhere(c, launched.key)
    return bad_moments(launched.definition, launched.launched_at.date(), now.date(), tree, others)
