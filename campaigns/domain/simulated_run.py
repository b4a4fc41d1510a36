"""What a simulated run comes to, added up: messages a week, rounds, answers, what found no room.

Numbers are of made-up lives only, each standing for so many people who are alike. Nothing here was
answered by anybody, so there is nothing that would have to be withheld.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from campaigns.domain.assumptions import Assumptions
from campaigns.domain.flight_plan import Plan, Sending
from campaigns.domain.lanes import Lane, Waiting, forecast
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person, Rhythm
from campaigns.domain.timing import WEEK

_FOUND_AFTER = 12  # weeks for which the share of turning teams that are found is stated


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A touchpoint of a campaign, and the round of it where it comes again and again."""

    campaign: str
    kind: Kind
    touchpoint: str
    round: str = ""

    @property
    def name(self) -> str:
        """The touchpoint's key, or what it is where the file has none for it."""
        return self.touchpoint or ("told back" if self.kind is Kind.TOLD else "one reminder more")


@dataclass(slots=True)
class RoundSeen:
    """How many a round reached, in which weeks, when the first and the last; how many of them
    later than due; which questions came in turn in it."""

    n_sent: float = 0
    n_moved: float = 0
    n_dropped: float = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    by_week: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    asks: tuple[str, ...] = ()


@dataclass(slots=True)
class WeekSeen:
    """Seven days of the campaign's audience: messages by kind, and how many people get how many."""

    begins_on: date
    by_kind: dict[Kind, float] = field(default_factory=lambda: defaultdict(float))
    people: dict[int, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """How often a rule's follow-up is decided on, and how often it is then held out."""

    n_decided: float = 0
    n_held: float = 0


@dataclass(frozen=True, slots=True)
class Alerts:
    """New alerts to expect in all: false ones by the budget, true ones as assumed, and how many
    there can be at the most."""

    n_false: float
    n_true: float
    at_most: int


class SimulatedRun:
    """The whole run of a campaign beside all others: what each flight adds to it."""

    def __init__(self, campaign: str, now: datetime, n_weeks: int) -> None:
        self.campaign, self.now = campaign, now
        self.weeks = [WeekSeen((now + week * WEEK).date()) for week in range(n_weeks)]
        self.rounds: dict[Place, RoundSeen] = defaultdict(RoundSeen)
        self.no_room: dict[tuple[Place, State, str], float] = defaultdict(float)
        self.answers: dict[str, float] = defaultdict(float)
        self.words: dict[str, float] = defaultdict(float)
        self.follow_ups: dict[tuple[str, str], FollowedUp] = defaultdict(FollowedUp)
        self.n_people = 0.0
        self.line: dict[tuple[Place, datetime, Rhythm, bool], float] = defaultdict(float)

    def ends(self, lane: Lane | None, plans: dict[str, Plan]) -> dict[Place, datetime]:
        """When the last message of each round is out at the lane's pace."""
        places = list({place for place, *_ in self.line})
        tags = {place: str(number) for number, place in enumerate(places)}
        ends: dict[str, datetime] = {}
        for through, way in ((True, lane), (False, None)):
            waiting = (
                Waiting(
                    tags[place],
                    due_at,
                    rhythm.anybody(),
                    plans[place.campaign].definition.campaign.quiet_hours,
                    max(1, round(n)),
                )
                for (place, due_at, rhythm, in_lane), n in self.line.items()
                if in_lane is through
            )
            for tag, end in forecast(waiting, way, self.now).items():
                ends[tag] = max(end, ends.get(tag, end))
        return {place: ends[tag] for place, tag in tags.items()}


class Life:
    """One flight, of somebody who stands for `weight` people, as it adds to the run."""

    def __init__(self, run: SimulatedRun, person: Person, weight: float, *, in_lane: bool) -> None:
        self._run, self._weight = run, weight
        self._rhythm, self._in_lane = person.rhythm, in_lane
        self._by_week: dict[int, Counter[Kind]] = defaultdict(Counter)

    def sent(self, one: Sending, at: datetime) -> None:
        """A message went out."""
        run, place = self._run, _place(one)
        seen = run.rounds[place]
        seen.asks = one.asks
        seen.n_sent += self._weight
        seen.n_moved += self._weight if one.moved else 0
        seen.first_at = min(at, seen.first_at or at)
        seen.last_at = max(at, seen.last_at or at)
        week = (at - run.now) // WEEK
        seen.by_week[week] += self._weight
        self._by_week[week][one.kind] += 1
        hour = at if at == one.due_at and one.pulse is None else at.replace(minute=0, second=0)
        run.line[place, hour, self._rhythm, self._in_lane] += self._weight

    def held_back(self, one: Sending, state: State, reason: str) -> None:
        """A message found no room, for now or for good."""
        place = _place(one)
        if state is State.DROPPED:
            self._run.rounds[place].n_dropped += self._weight
        if one.moved != reason:
            place = Place(place.campaign, place.kind, place.touchpoint)
            self._run.no_room[place, state, reason] += self._weight

    def answered(self, pulse: Sending, *, words: bool) -> None:
        """A pulse was answered."""
        key = pulse.plan.definition.campaign.key
        self._run.answers[key] += self._weight
        self._run.words[key] += self._weight if words else 0

    def followed(self, plan: Plan, rule: str, *, held: bool) -> None:
        """A rule came to its turn."""
        key = (plan.definition.campaign.key, rule)
        before = self._run.follow_ups[key]
        n_held = before.n_held + (self._weight if held else 0)
        self._run.follow_ups[key] = FollowedUp(before.n_decided + self._weight, n_held)

    def land(self) -> None:
        """The flight is over: its weeks are counted among those of the campaign's audience."""
        self._run.n_people += self._weight
        for week, seen in enumerate(self._run.weeks):
            mine = self._by_week[week]
            seen.people[mine.total()] += self._weight
            for kind, n in mine.items():
                seen.by_kind[kind] += n * self._weight


def alerts(
    assumed: Assumptions,
    n_teams: int,
    n_weeks: int,
    *,
    teams_a_year: int,
    n_agents: int,
    per_week: int,
) -> Alerts:
    """New alerts of `n_teams` teams in so many weeks, where one team in `teams_a_year` has a false
    alarm a year, and each agent hears of `per_week` at the most.

    >>> alerts(Assumptions(), 100, 12, teams_a_year=10, n_agents=2, per_week=3).n_true
    2.5
    """
    n_false = n_teams * n_weeks / 52 / teams_a_year
    found = assumed.found_teams * min(1.0, n_weeks / _FOUND_AFTER)
    n_true = n_teams * assumed.turning_teams * found
    return Alerts(n_false, n_true, n_agents * per_week * n_weeks)


def _place(one: Sending) -> Place:
    return Place(one.plan.definition.campaign.key, one.kind, one.touchpoint, one.round)
