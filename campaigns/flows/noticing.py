"""When a pulse has closed: the one follow-up that the campaign's rules have for silence.

Not answering is everybody's right. A rule may write to the person alone; no list or count of the
silent leaves this file, only how many follow-ups were written in all.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.domain.definition import Definition, Pulse
from campaigns.domain.followup import decide_silence, longest_silence
from campaigns.domain.outbox import Kind
from campaigns.storage import campaigns, decisions, outbox, silence
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
            n_written += _follow_up(connection, campaign, run_id, chunk, now)
            if len(chunk) < CHUNK:
                silence.noticed(connection, run_id, now)
                return n_written
            after_id = chunk[-1]


def _follow_up(
    connection: Connection, campaign: Launched, run_id: int, chunk: list[int], now: datetime
) -> int:
    decisions.hold(connection, chunk)
    silent = silence.silent_in_a_row(connection, campaign.id, chunk, now)
    past = decisions.past(connection, campaign.id, chunk)
    n_written = 0
    for person_id in chunk:
        decision = decide_silence(
            campaign.definition, silent.get(person_id, 0), past[person_id], now
        )
        if decision is None:
            continue
        once = f"silence:{run_id}:{person_id}"
        delivery = NewDelivery(
            once=once,
            kind=Kind.FOLLOW_UP,
            person_id=person_id,
            due_at=decision.due_at,
            campaign_id=campaign.id,
            version_id=campaign.version_id,
            touchpoint=decision.send,
        )
        if outbox.put(connection, [delivery]):
            decisions.put(
                connection,
                NewDecision(
                    campaign_id=campaign.id,
                    person_id=person_id,
                    answer_id=None,
                    once=once,
                    rule=decision.rule,
                    inputs=decision.inputs,
                    model="",
                    decided_at=now,
                ),
            )
            n_written += 1
    return n_written
