"""When a pulse has closed: the one follow-up that the campaign's rules have for silence.

Not answering is everybody's right. A rule may write to the person alone; no list or count of the
silent leaves this file, only how many follow-ups were written in all.
"""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from campaigns.domain.followup import Behind, decide_silence, longest_silence
from campaigns.domain.retention import unlink_after_weeks
from campaigns.flows.choosing import CHANCE, Occasion, carry_out
from campaigns.storage import aggregates, campaigns, decisions, directory, silence
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database

CHUNK = 500  # people a transaction, so that answers get their turn in between
# A pulse is open for 60 days at most: older ones closed long ago, before a rule asked for silence.
LOOK_BACK = timedelta(days=75)


def notice_silence(database: Database, now: datetime, chance: Random = CHANCE) -> int:
    """Every pulse that closed has been followed up once, per person and rule; how many were new."""
    with database.read() as connection:
        asking = [one for one in campaigns.running(connection) if longest_silence(one.definition)]
    return sum(_notice(database, campaign, now, chance) for campaign in asking)


def _notice(database: Database, campaign: Launched, now: datetime, chance: Random) -> int:
    pulses = [one.key for one in campaign.definition.campaign.pulses]
    with database.read() as connection:
        closed = silence.closed_runs(connection, campaign.id, pulses, now - LOOK_BACK, now)
    return sum(_notice_run(database, campaign, run_id, now, chance) for run_id in closed)


def _notice_run(
    database: Database, campaign: Launched, run_id: int, now: datetime, chance: Random
) -> int:
    """Chunk by chunk; the run is ticked off in the transaction of the last one."""
    after_id, n_written = 0, 0
    while True:
        with database.write() as connection:
            chunk = silence.unanswered(connection, run_id, after_id, CHUNK)
            here = silence.were_here(connection, run_id, chunk)
            n_written += _follow_up(connection, campaign, run_id, here, now, chance)
            if len(chunk) < CHUNK:
                silence.noticed(connection, run_id, now)
                return n_written
            after_id = chunk[-1]


def _follow_up(
    connection: Connection,
    campaign: Launched,
    run_id: int,
    chunk: list[int],
    now: datetime,
    chance: Random,
) -> int:
    decisions.hold(connection, chunk)
    promise, _ = aggregates.rules(connection, campaign.id, campaign.launched_at)
    since = now - timedelta(weeks=unlink_after_weeks(promise))
    silent = silence.silent_in_a_row(connection, campaign.id, chunk, since, now)
    past = decisions.past(connection, campaign.id, chunk)
    reached = silence.last_closed(connection, campaign.id, chunk, now)
    occasions = []
    for person in directory.people(connection, chunk).values():
        ignored_at = reached.get(person.id) if silent[person.id] > 1 else None
        behind = Behind(past[person.id], person.per_week is not None, ignored_at)
        decision = decide_silence(campaign.definition, silent[person.id], behind, now)
        if decision is not None:
            once = f"silence:{run_id}:{person.id}"
            occasions.append(Occasion(once, person.id, person.team_id, run_id, decision))
    return carry_out(connection, campaign, occasions, now, chance)
