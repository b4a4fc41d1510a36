"""When a pulse has closed: the one follow-up that the campaign's rules have for silence.

Not answering is everybody's right. A rule may write to the person alone; no list or count of the
silent leaves this file, only how many follow-ups were written in all.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.domain.definition import Definition, Pulse
from campaigns.domain.followup import Decision, decide_silence, longest_silence
from campaigns.domain.retention import unlink_after_weeks
from campaigns.storage import aggregates, campaigns, decisions, outbox, silence
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.decisions import NewDecision
from campaigns.storage.outbox import NewDelivery

CHUNK = 500  # people a transaction, so that answers get their turn in between
# A pulse is open for 60 days at most: older ones closed long ago, before a rule asked for silence.
LOOK_BACK = timedelta(days=75)


def notice_silence(database: Database, now: datetime) -> int:
    """Every pulse that closed has been followed up once, per person and rule; how many were new."""
    with database.read() as connection:
        asking = [one for one in campaigns.running(connection) if longest_silence(one.definition)]
    return sum(_notice(database, campaign, now) for campaign in asking)


def _notice(database: Database, campaign: Launched, now: datetime) -> int:
    with database.read() as connection:
        closed = silence.closed_runs(
            connection, campaign.id, _pulses(campaign.definition), now - LOOK_BACK, now
        )
    return sum(_notice_run(database, campaign, run_id, now) for run_id in closed)


def _pulses(definition: Definition) -> list[str]:
    return [one.key for one in definition.campaign.touchpoints if isinstance(one, Pulse)]


def _notice_run(database: Database, campaign: Launched, run_id: int, now: datetime) -> int:
    """Chunk by chunk; the run is ticked off in the transaction of the last one."""
    after_id, n_written = 0, 0
    while True:
        with database.write() as connection:
            chunk = silence.unanswered(connection, run_id, after_id, CHUNK)
            here = silence.were_here(connection, run_id, chunk)
            n_written += _follow_up(connection, campaign, run_id, here, now)
            if len(chunk) < CHUNK:
                silence.noticed(connection, run_id, now)
                return n_written
            after_id = chunk[-1]


def _follow_up(
    connection: Connection, campaign: Launched, run_id: int, chunk: list[int], now: datetime
) -> int:
    decisions.hold(connection, chunk)
    promise, _ = aggregates.rules(connection, campaign.id, campaign.launched_at)
    since = now - timedelta(weeks=unlink_after_weeks(promise))
    silent = silence.silent_in_a_row(connection, campaign.id, chunk, since, now)
    past = decisions.past(connection, campaign.id, chunk)
    decided = {
        person_id: decision
        for person_id in chunk
        if (
            decision := decide_silence(campaign.definition, silent[person_id], past[person_id], now)
        )
    }
    outbox.put(
        connection,
        [_delivery(campaign, run_id, person_id, one) for person_id, one in decided.items()],
    )
    return decisions.put(
        connection,
        [_kept(campaign, run_id, person_id, one, now) for person_id, one in decided.items()],
    )


def _delivery(campaign: Launched, run_id: int, person_id: int, decision: Decision) -> NewDelivery:
    return NewDelivery(
        once=_once(run_id, person_id),
        kind=decision.kind,
        person_id=person_id,
        due_at=decision.due_at,
        campaign_id=campaign.id,
        version_id=campaign.version_id,
        touchpoint=decision.send,
    )


def _kept(
    campaign: Launched, run_id: int, person_id: int, decision: Decision, now: datetime
) -> NewDecision:
    return NewDecision(
        campaign_id=campaign.id,
        person_id=person_id,
        answer_id=None,
        once=_once(run_id, person_id),
        rule=decision.rule,
        inputs=decision.inputs,
        model="",
        decided_at=now,
    )


def _once(run_id: int, person_id: int) -> str:
    return f"silence:{run_id}:{person_id}"
