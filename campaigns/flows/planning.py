"""Launch, pause, resume and stop; runs come into being here and are fanned out to people (D5).

A run's cursor moves in the transaction that writes the outbox rows, so that a crash, a pause or a
second planner at any moment leaves nobody out and reaches nobody twice. Nothing is sent here.
Who launched or held what is in the audit log, written in the same transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from sqlalchemy import Connection

from campaigns.domain import audience, rounds, sampling
from campaigns.domain.audit import COMMAND_LINE, Deed
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Rhythm
from campaigns.domain.rounds import Round
from campaigns.domain.timing import Occurrence
from campaigns.errors import StateError
from campaigns.flows import approving, holding, promising, rotating
from campaigns.flows.examining import refuse_errors, refuse_repeats
from campaigns.storage import audit, backlog, campaigns, directory, outbox, runs, waves
from campaigns.storage.backlog import Gone
from campaigns.storage.campaigns import PAUSED, RUNNING, STOPPED, Launched, Version
from campaigns.storage.database import Database
from campaigns.storage.runs import NewRun, Run
from campaigns.storage.waves import Alike, Wave

AHEAD = timedelta(hours=24)  # how long before its first moment on earth a run is fanned out
LEASE = timedelta(seconds=60)
CHUNK = 5000  # people a transaction: about 0.1 s on one core, so that others get their turn


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a stop took back, planned sendings that waited and runs not yet fanned out to all; what
    had gone out of the plan by then; how many were claimed to be sent at that very moment (each is
    held back unless the call was made), and how many are in doubt (looked for, not sent again)."""

    n_deliveries: int
    n_runs: int
    gone: tuple[Gone, ...] = ()
    n_underway: int = 0
    n_in_doubt: int = 0


def launch(
    database: Database, definition: Definition, now: datetime, by: str = COMMAND_LINE
) -> Launched:
    """The campaign is running under this definition; `plan` does the rest.

    Launching a changed definition makes it the next version: what went out and what is fanned out
    already stays, later runs follow the new one. What was promised to staff is never weakened by
    it. Raises DefinitionError where the check finds an error, StateError for a stopped campaign,
    and where the campaign wants a second person's approval of just this content.
    """
    with database.read() as c:
        refuse_errors(c, definition, now)
        definition = promising.kept(c, definition, now)
    approving.require(database, definition, by, now)
    with database.write() as c:
        refuse_repeats(c, definition)  # something may have begun since it was checked
        definition = promising.kept(c, definition, now)
        launched = campaigns.put(c, definition, now)
        if launched.state == STOPPED:
            raise StateError(
                f'The campaign "{launched.key}" was stopped and stays so; give it a new key.'
            )
        pulses = [t.key for t in definition.campaign.touchpoints if isinstance(t, Pulse)]
        runs.forget_untouched(c, launched.id, launched.version_id, pulses)
        detail = f"version {launched.number}, content {definition.sha256[:16]}"
        audit.put(c, by, Deed.LAUNCHED, now, launched.key, detail)
        return launched


def pause(database: Database, key: str, now: datetime, by: str = COMMAND_LINE) -> Launched:
    """Nothing of the campaign goes out until it is resumed; what waits keeps waiting."""
    with database.write() as c:
        launched = _turn(c, key, RUNNING, PAUSED, now)
        audit.put(c, by, Deed.PAUSED, now, key)
        return launched


def resume(database: Database, key: str, now: datetime, by: str = COMMAND_LINE) -> Launched:
    """The campaign goes on: what is overdue goes out, save pulses that have closed meanwhile."""
    with database.write() as c:
        launched = _turn(c, key, PAUSED, RUNNING, now)
        audit.put(c, by, Deed.RESUMED, now, key)
        return launched


def stop(database: Database, key: str, now: datetime, by: str = COMMAND_LINE) -> Stopped:
    """Nothing of the campaign goes out ever again; StateError where it was stopped before."""
    with database.write() as c:
        launched = campaigns.by_key(c, key)
        if launched.state == STOPPED:
            raise StateError(f'The campaign "{key}" is stopped already.')
        campaigns.set_state(c, launched.id, STOPPED, now)
        n_runs = runs.cancel(c, launched.id)
        n_deliveries = outbox.cancel_campaign(c, launched.id, "stopped")
        gone = tuple(backlog.gone(c, launched.id))
        stopped = Stopped(n_deliveries, n_runs, gone, *backlog.underway(c, launched.id))
        audit.put(c, by, Deed.STOPPED, now, key)
        return stopped


def _turn(c: Connection, key: str, before: str, after: str, now: datetime) -> Launched:
    launched = campaigns.by_key(c, key)
    if launched.state != before:
        raise StateError(f'The campaign "{key}" is {launched.state}, not {before}.')
    campaigns.set_state(c, launched.id, after, now)
    return campaigns.by_id(c, launched.id)


def plan(database: Database, now: datetime) -> int:
    """Every run that begins within a day is fanned out; gives how many sendings were written."""
    _materialise(database, now)
    with database.read() as c:
        open_runs = runs.claimable(c, now)
    return sum(_fan_out(database, run_id, now) for run_id in open_runs)


def _materialise(database: Database, now: datetime) -> None:
    with database.read() as c:
        wanted = [new for one in campaigns.running(c) for new in _new_runs(c, one, now)]
    if wanted:
        with database.write() as c:
            campaigns.hold(c, sorted({new.campaign_id for new in wanted}))
            current = {one.version_id for one in campaigns.running(c)}  # edited meanwhile?
            runs.put(c, [new for new in wanted if new.version_id in current])


def _new_runs(c: Connection, launched: Launched, now: datetime) -> Iterator[NewRun]:
    known = runs.of_campaign(c, launched.id)
    versions = campaigns.versions(c, launched.id)
    launched_on = launched.launched_at.date()
    for touchpoint in launched.definition.campaign.touchpoints:
        if not isinstance(touchpoint, Vision | Pulse):
            continue
        planned, begins_on = known_rounds(touchpoint, known, versions), since(touchpoint, versions)
        for one in rounds.to_come(touchpoint, planned, launched_on, begins_on, now + AHEAD):
            yield NewRun(
                launched.id,
                launched.version_id,
                touchpoint.key,
                one.key,
                one.earliest,
                runs.CANCELLED if rounds.is_too_late(touchpoint, one, now) else runs.OPEN,
            )


def known_rounds(
    touchpoint: Vision | Pulse, known: Sequence[Run], versions: Sequence[Version]
) -> list[Round]:
    """The rounds of the touchpoint that were planned, whatever version was in force."""
    return [_round(run, versions) for run in known if run.touchpoint == touchpoint.key]


def _round(run: Run, versions: Sequence[Version]) -> Round:
    """The run as it was planned by the version that was in force."""
    occurrence = Occurrence(datetime.fromisoformat(run.occurrence))
    definition = next(one.definition for one in versions if one.id == run.version_id)
    touchpoint = definition.touchpoint(run.touchpoint)
    assert isinstance(touchpoint, Vision | Pulse)  # noqa: S101  nothing else has runs
    cancelled = run.state == runs.CANCELLED
    return Round(occurrence, touchpoint.when, rounds.on_for(touchpoint), cancelled)


def since(touchpoint: Vision | Pulse, versions: Sequence[Version]) -> date:
    """The day on which the touchpoint came in at these times, by all versions up to the newest."""
    same = takewhile(lambda version: _has(version.definition, touchpoint), versions)
    return min(version.created_at for version in same).date()


def _has(definition: Definition, touchpoint: Vision | Pulse) -> bool:
    planned = (t for t in definition.campaign.touchpoints if isinstance(t, Vision | Pulse))
    return (touchpoint.key, touchpoint.when) in ((one.key, one.when) for one in planned)


def _fan_out(database: Database, run_id: int, now: datetime) -> int:
    with database.write() as c:
        if holding.holds(c, run_id, now) or not runs.claim(c, run_id, now, now + LEASE):
            return 0
    with database.read() as c:
        claimed = runs.by_id(c, run_id)
        sample = _sample(c, claimed, now) if claimed else None  # gone: the lock below finds nothing
    n_written, n_more = 0, True
    while n_more:
        with database.write() as c:
            run = runs.lock(c, run_id)
            if run is None:
                runs.release(c, run_id)
                break
            n_new, n_more = _chunk(c, run, sample, now)
            n_written += n_new
    return n_written


def _sample(c: Connection, run: Run, now: datetime) -> set[int] | None:
    """Whom the run asks; None where that is everybody."""
    definition = campaigns.definition(c, run.version_id)
    campaign, touchpoint = definition.campaign, definition.touchpoint(run.touchpoint)
    if not isinstance(touchpoint, Pulse) or touchpoint.ask.one_in == 1:
        return None
    teams = defaultdict[int, list[int]](list)
    everybody = directory.everyone(c)
    for person in audience.select(everybody, directory.tree(c), campaign.audience):
        teams[person.team_id].append(person.id)
    return sampling.asked(
        f"{campaign.key}:{touchpoint.key}",
        runs.turn(c, run, now),
        touchpoint.ask.one_in,
        campaign.confidentiality.minimum_group,
        teams,
    )


def _chunk(c: Connection, run: Run, sample: set[int] | None, now: datetime) -> tuple[int, bool]:
    definition = campaigns.definition(c, run.version_id)
    if run.cursor == 0:  # nobody has it yet
        rotating.settle(c, run, definition, now)
    wanted = definition.campaign.audience
    page = waves.page(c, run.cursor, CHUNK, {*wanted.people, *wanted.except_.people})
    belongs = audience.belongs(directory.tree(c), wanted)
    planned = _waves(run, definition, (alike for alike in page if belongs(alike.anybody)))
    n_new = 0
    for wave, chosen in planned.items():
        to = chosen if sample is None else [one for one in chosen if one in sample]
        n_new += waves.put(c, wave, to)
    seen = [one for alike in page for one in alike.ids]
    runs.advance(c, run.id, max(seen, default=run.cursor), done=len(seen) < CHUNK)
    return n_new, len(seen) == CHUNK


def _waves(run: Run, definition: Definition, people: Iterable[Alike]) -> dict[Wave, list[int]]:
    """Who gets it at which moment."""
    touchpoint = definition.touchpoint(run.touchpoint)
    occurrence = Occurrence(datetime.fromisoformat(run.occurrence))
    assert isinstance(touchpoint, Vision | Pulse)  # noqa: S101  nothing else has runs
    quiet = definition.campaign.quiet_hours
    kind, common = Kind(touchpoint.kind), (run.id, run.campaign_id, run.version_id)
    of: dict[Rhythm, Wave] = {}
    found: dict[Wave, list[int]] = {}
    for alike in people:
        rhythm = alike.anybody.rhythm
        if rhythm not in of:
            due = rounds.due(touchpoint, occurrence, rhythm, quiet, run.freed_at)
            of[rhythm] = Wave(*common, kind, run.touchpoint, *due)
        found.setdefault(of[rhythm], []).extend(alike.ids)
    return found
