"""When the time for follow-ups and comparisons is over, answers lose their person.

What figures are made of stays as numbers, under ids that chance draws and in a team in which enough
others answered; words, and all that was chosen because of an answer, are gone. From then on nobody,
whoever has the database and all keys, can join an answer with who gave it.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random, SystemRandom

from sqlalchemy import Connection

from campaigns.domain.definition import PERIODS_KEPT
from campaigns.domain.loosening import homes
from campaigns.domain.periods import Span, closed, span
from campaigns.storage import aggregates, counted, directory, erasing, loosening, releases
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.loosening import Linked, Loose

_CHANCE = SystemRandom()
_BITS = 62  # of ids: as many as every database takes


def unlink(database: Database, now: datetime, chance: Random = _CHANCE) -> int:
    """Answers of periods that nothing is compared with any more have no person; how many went.

    Nor is it known any more who was counted in these periods' figures. A period is done in one
    transaction, so that an answer is either somebody's or nobody's.
    """
    with database.read() as c:
        over = [(one, *_over(c, one, now)) for one in campaigns_store.all_launched(c)]
        due = [(one.id, during) for one, n, weeks in over for during in _due(c, one, n, weeks)]
        known = [(one.id, n) for one, n, _ in over if counted.any_before(c, one.id, n)]
    n_gone = sum(_unlink(database, campaign_id, during, chance) for campaign_id, during in due)
    for campaign_id, n in known:
        with database.write() as c:
            counted.erase(c, campaign_id, n)
    return n_gone


def _over(c: Connection, launched: Launched, now: datetime) -> tuple[int, int]:
    """How many periods nothing is compared with any more, and how many weeks each has."""
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    n = closed(launched.launched_at, promise.period_weeks, now)
    # A campaign that runs keeps them until its figures are published, however late that is.
    if launched.state != STOPPED:
        n = min(n, releases.count(c, launched.id))
    return max(0, n - PERIODS_KEPT), promise.period_weeks


def _due(c: Connection, launched: Launched, n: int, weeks: int) -> list[Span]:
    """Those periods, where any answer of theirs still has its person."""
    periods = [span(launched.launched_at, weeks, number) for number in range(n)]
    waiting = bool(periods) and erasing.any_counted(c, launched.id, periods[-1])
    return periods if waiting else []


def _unlink(database: Database, campaign_id: int, during: Span, chance: Random) -> int:
    with database.write() as c:
        campaigns_store.hold(c, [campaign_id])
        promise, _ = aggregates.rules(c, campaign_id, during.end)
        found = loosening.linked(c, campaign_id, during)
        own: dict[int, set[int]] = {}
        for one in found:
            own.setdefault(one.team_id, set()).add(one.person_id)
        people = {team: frozenset(members) for team, members in own.items()}
        into = homes(directory.tree(c), people, promise.minimum_group)
        loosening.put(c, campaign_id, during, _loosened(found, into, chance))
        return erasing.erase_counted(c, campaign_id, during)


def _loosened(found: Sequence[Linked], into: dict[int, int], chance: Random) -> list[Loose]:
    """The answers without their people, shuffled; those of too few people are left out."""
    aliases = {one.person_id: chance.getrandbits(_BITS) for one in found}
    loose = [
        Loose(chance.getrandbits(_BITS), into[one.team_id], aliases[one.person_id], one.said)
        for one in found
        if one.team_id in into
    ]
    chance.shuffle(loose)
    return loose
