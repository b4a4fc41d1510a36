"""The campaigns of a simulated run, and the messages that they plan for somebody.

`rounds` says what comes and when it is due, as in the real run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count, repeat

from campaigns.domain import rotation, rounds
from campaigns.domain.attention import Touch, touch
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.holdout import Draw
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Rhythm
from campaigns.domain.rotation import Asked
from campaigns.domain.rounds import Round
from campaigns.domain.timing import Occurrence, next_permitted

AHEAD = timedelta(hours=24)  # how long before it begins anywhere a round is in the outbox
_Round = tuple[str, str]  # touchpoint, key of the occurrence


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign that is simulated: since when, which of its rounds are over for everybody or have
    `begun` for some, and what concerns whole teams of its audience.

    Of what has begun it is known what comes in turn in it: by round, and all as it was `asked`.
    `went_on` has the rounds that wait until something is told back, by touchpoint and key, with
    the moment at which they no longer do.
    """

    definition: Definition
    launched_on: date
    planned: Mapping[str, Sequence[Round]] = field(default_factory=dict)
    begun: Mapping[_Round, tuple[str, ...]] = field(default_factory=dict)
    asked: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)
    n_by_team: Mapping[int, int] = field(default_factory=dict)
    share_read: float = 1.0  # of its people whose words are read
    urged: frozenset[int] = frozenset()  # teams that are asked once more
    urged_from: datetime | None = None
    told_at: Sequence[datetime] = ()
    went_on: Mapping[_Round, datetime] = field(default_factory=dict)
    touches: dict[tuple[Kind, str, tuple[str, ...]], Touch] = field(default_factory=dict)
    draws: dict[tuple[str, str, int, str], Draw] = field(default_factory=dict)

    def touch(self, one: "Sending") -> Touch:
        """What that message takes of attention; worked out once for all that are alike."""
        like = (one.kind, one.touchpoint, one.asks)
        if like not in self.touches:
            as_asked = self.definition.in_round(one.touchpoint, one.asks)
            self.touches[like] = touch(as_asked, one.kind, one.touchpoint)
        return self.touches[like]

    def urges(self, team_id: int, at: datetime) -> bool:
        """Whether a pulse that goes out then brings that team one reminder more."""
        return team_id in self.urged and self.urged_from is not None and at >= self.urged_from

    def to_come(self, touchpoint: Vision | Pulse, until: datetime) -> list[Occurrence]:
        """The rounds of the touchpoint that begin by then and were not planned."""
        known = self.planned.get(touchpoint.key, ())
        since = self.since.get(touchpoint.key, self.launched_on)
        return rounds.to_come(touchpoint, known, self.launched_on, since, until)

    def n_between(self, touchpoint: Vision | Pulse, start: datetime, end: datetime) -> int:
        """How many of its rounds, planned or to come, begin in that time."""
        planned = self.planned.get(touchpoint.key, ())
        gone = [one.occurrence for one in planned if not one.cancelled]
        known = [*gone, *self.to_come(touchpoint, end)]
        return sum(start <= one.earliest < end for one in known)


@dataclass(slots=True)
class Sending:
    """A message to one person; `opens_at` is when the outbox knows of it."""

    plan: Plan
    kind: Kind
    touchpoint: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime | None = None
    round: str = ""
    pulse: "Sending | None" = None
    answered: bool = False
    moved: str = ""
    turn: int = 0  # of a pulse that asks one in so many a time
    one_in: int = 1
    asks: tuple[str, ...] = ()  # of its questions that come in turn
    sent_at: datetime | None = None


def coming(plan: Plan, rhythm: Rhythm, now: datetime, until: datetime) -> Iterator[Sending]:
    """The planned messages of the campaign to people of this rhythm, and what is told back."""
    for touchpoint in plan.definition.campaign.touchpoints:
        if isinstance(touchpoint, Vision | Pulse):
            yield from _rounds(plan, touchpoint, rhythm, now, until)
    for at in plan.told_at:
        due_at = next_permitted(at, rhythm.anybody(), plan.definition.campaign.quiet_hours)
        yield Sending(plan, Kind.TOLD, "", due_at, at, round=at.isoformat())


def _rounds(
    plan: Plan, touchpoint: Vision | Pulse, rhythm: Rhythm, now: datetime, until: datetime
) -> Iterator[Sending]:
    quiet = plan.definition.campaign.quiet_hours
    in_turn = _in_turn(plan, touchpoint)
    turns = count(sum(not one.cancelled for one in plan.planned.get(touchpoint.key, ())))
    for one in plan.to_come(touchpoint, until):
        place = touchpoint.key, one.key
        went_on = plan.went_on.get(place)
        if went_on is None and rounds.is_too_late(touchpoint, one, now):
            continue
        due_at, closes_at = rounds.due(touchpoint, one, rhythm, quiet, went_on)
        turn = next(turns)
        if place in plan.begun and due_at <= now:
            continue
        yield Sending(
            plan,
            Kind(touchpoint.kind),
            touchpoint.key,
            due_at,
            went_on or one.earliest - AHEAD,
            closes_at,
            round=one.key,
            turn=turn,
            one_in=touchpoint.ask.one_in if isinstance(touchpoint, Pulse) else 1,
            asks=plan.begun[place] if place in plan.begun else next(in_turn),
        )


def _in_turn(plan: Plan, touchpoint: Vision | Pulse) -> Iterator[tuple[str, ...]]:
    """What comes in turn in each of the rounds that have not begun."""
    if isinstance(touchpoint, Pulse):
        return rotation.coming(touchpoint, plan.asked.get(touchpoint.key, ()))
    return repeat(())
