"""Which questions of a pulse have their turn in a round, decided when it begins, and kept.

It is on the run, written with the first rows of the outbox: so a delivery asks the same whenever
and wherever it is looked at, and no later version of the file changes a round that is out.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import rotation
from campaigns.domain.definition import Definition, Pulse
from campaigns.domain.rotation import Asked
from campaigns.storage import campaigns, runs
from campaigns.storage.outbox import Delivery
from campaigns.storage.runs import Run


def settle(c: Connection, run: Run, definition: Definition, now: datetime) -> None:
    """What has its turn in the run, which begins now, is decided by the rounds before it."""
    pulse = definition.touchpoint(run.touchpoint)
    if isinstance(pulse, Pulse) and pulse.rotate:
        others = [one for one in runs.of_campaign(c, run.campaign_id) if one.id != run.id]
        before = past(c, others, now).get(pulse.key, [])
        runs.settle_asks(c, run.id, next(rotation.coming(pulse, before)))


def so_far(c: Connection, campaign_key: str, now: datetime) -> dict[str, list[Asked]]:
    """What had its turn in the campaign by now, as `past` has it; nothing before its launch."""
    known = campaigns.ids_by_key(c).get(campaign_key)
    return {} if known is None else past(c, runs.of_campaign(c, known), now)


def past(c: Connection, known: Sequence[Run], now: datetime) -> dict[str, list[Asked]]:
    """Pulse → what had its turn in each of its rounds that have begun, where something had.

    A round of which nobody got anything, because of a pause, took no turn.
    """
    begun = [(run, run.asks) for run in known if run.asks is not None]
    reaching = runs.reaching(c, [run.id for run, _ in begun], now)
    found: dict[str, list[Asked]] = {}
    for run, asks in begun:
        if run.id in reaching:
            pulse = campaigns.definition(c, run.version_id).touchpoint(run.touchpoint)
            one_in = pulse.ask.one_in if isinstance(pulse, Pulse) else 1
            found.setdefault(run.touchpoint, []).append(Asked(asks, one_in))
    return found


def as_asked(c: Connection, definition: Definition, delivery: Delivery) -> Definition:
    """The campaign file as the round of that delivery asks it; the whole file for all else."""
    own = (one for one in definition.campaign.touchpoints if one.key == delivery.touchpoint)
    pulse = next(own, None)
    if not isinstance(pulse, Pulse) or pulse.rotate is None:
        return definition
    asks = runs.asks(c, delivery.run_id) if delivery.run_id is not None else ()
    return definition.in_round(pulse.key, asks)
