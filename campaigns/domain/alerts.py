"""When a team's change agent is told: raise, keep or resolve, only at the close of a week.

Pure. It must never look at a person: what comes in are signals of a detector about teams whose
figure was released, and what goes out names the team, the kind and the evidence in words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import TypeAdapter

from campaigns.domain.confidentiality import Size
from campaigns.domain.definition import AgentAction
from sentiment.labels import Barrier, Theme


class AlertKind(StrEnum):
    """Against what a team stands out."""

    HIGH = "high"  # against the organisation
    RISING = "rising"  # against its own past, the organisation's movement taken out
    QUIET = "quiet"  # fewer answers than it used to give, and than others give
    EVERYBODY = "everybody"  # the whole organisation, against its own past


class Strength(StrEnum):
    """How sure, in words; a number would say more than is known."""

    STRONG = "strong"
    SOME = "some"


class AlertState(StrEnum):
    """open → taken | snoozed → closed (by an agent, with a note) | resolved (it went away)."""

    OPEN = "open"
    TAKEN = "taken"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    RESOLVED = "resolved"


class Ending(StrEnum):
    """What came of an alert, as the agent who closes it sees it."""

    HELPED = "helped"  # something was done, and it helps
    NO_HELP = "no_help"  # something was done, and it does not help
    STARTED = "started"  # something was done; too early to say
    PASSED_ON = "passed_on"  # to somebody who can decide it
    NOTHING = "nothing"  # there was nothing behind it


KNOWN_BY = frozenset({Ending.HELPED, Ending.NO_HELP})  # what an action did, these two tell
STANDING = frozenset({AlertState.OPEN, AlertState.TAKEN, AlertState.SNOOZED})


@dataclass(frozen=True, slots=True)
class Finding:
    """What an alert says: every part of it is public to the team's agents, none is a person's.

    `since` is the first day of the closed week from which on the team stands out. `actions` are
    keys of the definition's agent actions, `sent` of touchpoints that went to everybody there.
    """

    team: str
    kind: AlertKind
    strength: Strength
    since: date
    size: Size
    barrier: Barrier | None = None
    themes: tuple[Theme, ...] = ()
    actions: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()


_FINDING = TypeAdapter(Finding)


def dump(finding: Finding) -> str:
    """The finding as JSON text; `load` gives it back equal."""
    return _FINDING.dump_json(finding).decode()


def load(text: str) -> Finding:
    """The finding that `dump` wrote."""
    return _FINDING.validate_json(text)


MINIMUM_MEMBERS = 6  # a smaller team never gets an alert
UPPER = 1.0  # evidence that raises, in units of the detector's alarm
STRONG = 1.5
LOWER = 0.5  # evidence that counts as calm
SNOOZES = (1, 3, 7, 14)  # days that an agent can choose to put an alert off
CALM_CLOSES = 3  # so many calm weeks in a row resolve
COOL_DOWN = timedelta(weeks=4)  # from raising to resolving, and from closing to raising again
MOST_ACTIONS = 3
LEAST_ACTIONS = 2


class Decision(StrEnum):
    RAISE = "raise"
    KEEP = "keep"  # the alert stands and says what is known now
    RESOLVE = "resolve"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Past:
    """A team's newest alert in the campaign."""

    state: AlertState
    raised_at: datetime
    changed_at: datetime


def count_calm(calm: int, evidence: float | None) -> int:
    """Calm closes in a row after this one; a close that can't tell (None) changes nothing."""
    if evidence is None:
        return calm
    return calm + 1 if evidence < LOWER else 0


def decide(
    evidence: float | None, solid: bool, calm: int, past: Past | None, now: datetime
) -> Decision:
    """What becomes of a team's alert at this close.

    `solid`: the team is large enough, its figure is released, and the evidence stays without any
    one person; `calm` is `count_calm` after this close. Between LOWER and UPPER nothing changes.
    """
    if past is not None and past.state in STANDING:
        over = calm >= CALM_CLOSES and now - past.raised_at >= COOL_DOWN
        return Decision.RESOLVE if over else Decision.KEEP
    rested = past is None or now - past.changed_at >= COOL_DOWN
    if rested and solid and evidence is not None and evidence >= UPPER:
        return Decision.RAISE
    return Decision.NOTHING


def renewed(old: Finding, new: Finding) -> Finding:
    """What a standing alert says after another close.

    A team that rose is still one that rose when its rise is long ago and it merely stands high.
    """
    if old.kind is AlertKind.RISING and new.kind is AlertKind.HIGH:
        return replace(new, kind=old.kind, since=old.since)
    return replace(new, since=min(old.since, new.since)) if old.kind is new.kind else new


def overdue_at(since: datetime, days: int) -> datetime:
    """The moment so many days after `since`, Saturdays and Sundays not counted.

    >>> from datetime import UTC
    >>> overdue_at(datetime(2027, 1, 15, 9, tzinfo=UTC), 1).date().isoformat()  # from a Friday on
    '2027-01-18'
    """
    moment = since
    while days or moment.weekday() >= _SATURDAY:
        moment += timedelta(days=1)
        days -= moment.weekday() < _SATURDAY
    return moment


_SATURDAY = 5


def strength(evidence: float) -> Strength:
    """The evidence in a word."""
    return Strength.STRONG if evidence >= STRONG else Strength.SOME


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an action: in how many teams it was tried to the end, and in how many it helps,
    as the change agents saw it. No comparison stands behind it."""

    n: int
    n_helped: int


LEAST_TRIED = 3  # fewer teams say nothing of an action


def experience(trials: Iterable[tuple[str, Ending | None]]) -> dict[str, Tried]:
    """Action → what came of it, from the action last tried and the ending of each alert.

    Only where enough came to an end that says something.

    >>> experience([("fix", Ending.HELPED), ("fix", Ending.NO_HELP), ("fix", Ending.HELPED)])
    {'fix': Tried(n=3, n_helped=2)}
    """
    known = [(action, ending) for action, ending in trials if action and ending in KNOWN_BY]
    n, n_helped = (
        Counter(action for action, ending in known if ending in endings)
        for endings in (KNOWN_BY, {Ending.HELPED})
    )
    return {action: Tried(n[action], n_helped[action]) for action in n if n[action] >= LEAST_TRIED}


def suggest(
    actions: Sequence[AgentAction], barrier: Barrier | None, themes: Sequence[Theme]
) -> tuple[str, ...]:
    """Keys of up to three actions: those for the barrier, then for a theme, then those for all.

    Two at least where the campaign has as many.
    """

    def rank(action: AgentAction) -> int:
        if barrier in action.barriers:
            return 0
        if set(themes) & set(action.themes):
            return 1
        return 3 if action.barriers or action.themes else 2

    ranked = sorted(actions, key=rank)
    fitting = [action for action in ranked if rank(action) < 3]
    chosen = fitting if len(fitting) >= LEAST_ACTIONS else ranked[:LEAST_ACTIONS]
    return tuple(action.key for action in chosen[:MOST_ACTIONS])
