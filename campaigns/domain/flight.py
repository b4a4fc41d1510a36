"""One person's way through a run that has not begun: what would reach them, when, and why not.

Every decision is taken by what takes it in the real run: `rounds` says what comes, `outbox.judge`
whether it goes out now, `attention` what a week holds, `followup` and `holdout` what an answer
calls for. Only what people do is made up, from stated assumptions. Chance is an argument, numbers
from 0 up to and without 1; nothing here knows a database.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, count
from typing import Protocol

from campaigns.domain import rounds
from campaigns.domain.assumptions import BARRIERS, Assumptions
from campaigns.domain.attention import LOOK_AHEAD, LOOK_BACK, Contact, Touch, touch
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.followup import Behind, Decision, PastDecision, decide, decide_silence
from campaigns.domain.holdout import assign, evenly, hold_out, share_held
from campaigns.domain.outbox import CAPPED, Facts, Kind, State, judge
from campaigns.domain.people import Person, Rhythm
from campaigns.domain.reminding import reminders
from campaigns.domain.rounds import Round
from campaigns.domain.timing import next_permitted
from sentiment.labels import Barrier, Score, Stance, Status, Theme

AHEAD = timedelta(hours=24)  # how long before it begins anywhere a round is in the outbox
_STANCES, _BARRIERS, _THEMES = tuple(Stance), tuple(Barrier), tuple(Theme)
Chance = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign that is simulated: since when, and which of its rounds were planned already."""

    definition: Definition
    launched_on: date
    planned: Mapping[str, Sequence[Round]] = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)
    touches: dict[tuple[Kind, str], Touch] = field(default_factory=dict)

    def touch(self, kind: Kind, key: str) -> Touch:
        """What that touchpoint takes of attention; worked out once."""
        if (kind, key) not in self.touches:
            self.touches[kind, key] = touch(self.definition, kind, key)
        return self.touches[kind, key]


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
    sent_at: datetime | None = None


class Log(Protocol):
    """Who is told of a flight, as it happens."""

    def sent(self, one: Sending, at: datetime) -> None:
        """A message went out."""

    def held_back(self, one: Sending, state: State, reason: str) -> None:
        """A message found no room, for now or for good."""

    def answered(self, pulse: Sending, *, words: bool) -> None:
        """A pulse was answered."""

    def followed(self, plan: Plan, rule: str, *, held: bool) -> None:
        """A rule came to its turn."""


def coming(plan: Plan, rhythm: Rhythm, now: datetime, until: datetime) -> Iterator[Sending]:
    """The planned messages of the campaign to people of this rhythm, as they are due."""
    quiet = plan.definition.campaign.quiet_hours
    for touchpoint in plan.definition.campaign.touchpoints:
        if not isinstance(touchpoint, Vision | Pulse):
            continue
        known = plan.planned.get(touchpoint.key, ())
        since = plan.since.get(touchpoint.key, plan.launched_on)
        one_in = touchpoint.ask.one_in if isinstance(touchpoint, Pulse) else 1
        found = rounds.to_come(touchpoint, known, plan.launched_on, since, until)
        for turn, one in enumerate(found, len(known)):
            if rounds.is_too_late(touchpoint, one, now):
                continue
            due_at, closes_at = rounds.due(touchpoint, one, rhythm, quiet)
            kind, opens_at = Kind(touchpoint.kind), one.earliest - AHEAD
            yield Sending(
                plan,
                kind,
                touchpoint.key,
                due_at,
                opens_at,
                closes_at,
                round=one.key,
                turn=turn,
                one_in=one_in,
            )


class Flight:
    """One person's run, from `now` to `until`, told to the log."""

    def __init__(
        self, person: Person, assumed: Assumptions, chance: Chance, log: Log, until: datetime
    ) -> None:
        self._person, self._assumed, self._chance = person, assumed, chance
        self._log, self._until = log, until
        self._order, self._events = count(), list[_Event]()
        self._ahead: dict[int, Sending] = {}
        self._spent: list[Contact] = []
        self._past: list[tuple[Plan, PastDecision]] = []
        self._silent: dict[int, int] = {}
        self._turns: dict[tuple[int, str], int] = {}

    def fly(self, sendings: Sequence[Sending], now: datetime) -> None:
        """All that comes of these messages has happened."""
        for one in sendings:
            self._on(max(one.opens_at, now), self._open, one)
        while self._events and self._events[0][0] < self._until:
            at, _, act, one = heapq.heappop(self._events)
            act(one, at)

    def _on(self, at: datetime, act: "_Act", one: Sending) -> None:
        heapq.heappush(self._events, (at, next(self._order), act, one))

    def _open(self, one: Sending, at: datetime) -> None:
        if self._is_asked(one):
            self._expect(one, max(one.due_at, at))

    def _is_asked(self, one: Sending) -> bool:
        """Whether it is this person's turn, where a pulse asks a part of each team a time."""
        place = id(one.plan), one.touchpoint
        if place not in self._turns:
            self._turns[place] = int(self._chance() * one.one_in)
        return one.turn % one.one_in == self._turns[place]

    def _expect(self, one: Sending, at: datetime) -> None:
        one.due_at = at
        self._ahead[id(one)] = one
        self._on(at, self._try, one)

    def _try(self, one: Sending, at: datetime) -> None:
        del self._ahead[id(one)]
        verdict = judge(self._facts(one, at), at)
        if verdict.state is State.SENDING:
            self._sent(one, at)
        elif verdict.state is State.PENDING and verdict.until is not None:
            self._log.held_back(one, verdict.state, verdict.reason)
            one.moved = verdict.reason
            self._expect(one, verdict.until)
        elif verdict.state is State.DROPPED:
            self._log.held_back(one, verdict.state, verdict.reason)

    def _facts(self, one: Sending, at: datetime) -> Facts:
        self._spent = [contact for contact in self._spent if contact.at > at - LOOK_BACK]
        rivals = [
            Contact(other.due_at, other.plan.touch(other.kind, other.touchpoint))
            for other in self._ahead.values()
            if other.due_at <= at + LOOK_AHEAD
        ]
        return Facts(
            kind=one.kind,
            person=self._person,
            answered=one.pulse is not None and one.pulse.answered,
            closes_at=one.closes_at,
            quiet=one.plan.definition.campaign.quiet_hours,
            touch=one.plan.touch(one.kind, one.touchpoint),
            spent=self._spent,
            rivals=rivals,
        )

    def _sent(self, one: Sending, at: datetime) -> None:
        self._log.sent(one, at)
        one.sent_at = at
        if one.kind in CAPPED:
            self._spent.append(Contact(at, one.plan.touch(one.kind, one.touchpoint)))
        if one.kind is Kind.PULSE and one.closes_at is not None:
            self._remind(one, one.closes_at, at)
            self._on(one.closes_at, self._close, one)
            self._perhaps_answer(one, self._assumed.answer_rate, at)
        elif one.pulse is not None:
            self._perhaps_answer(one.pulse, self._assumed.reminder_gain, at)

    def _remind(self, pulse: Sending, closes_at: datetime, at: datetime) -> None:
        plan = pulse.plan
        planned = reminders(plan.definition, pulse.touchpoint, self._person, closes_at, at)
        for key, due_at in planned:
            again = Sending(plan, Kind.REMINDER, key, due_at, at, closes_at, pulse.round, pulse)
            self._expect(again, due_at)

    def _perhaps_answer(self, pulse: Sending, share: float, at: datetime) -> None:
        """Within their hours; the time until then falls off as it does where each hour is alike."""
        if self._chance() < share:
            hours = -math.log(1 - self._chance()) * self._assumed.answer_hours
            quiet = pulse.plan.definition.campaign.quiet_hours
            moment = next_permitted(at + timedelta(hours=hours), self._person, quiet)
            self._on(moment, self._answer, pulse)

    def _answer(self, pulse: Sending, at: datetime) -> None:
        if pulse.answered or pulse.closes_at is None or at >= pulse.closes_at:
            return
        pulse.answered = True
        definition = pulse.plan.definition
        touchpoint = definition.touchpoint(pulse.touchpoint)
        asked = touchpoint.questions if isinstance(touchpoint, Pulse) else ()
        asks_words = any(definition.question(key).kind == "text" for key in asked)
        words = asks_words and self._chance() < self._assumed.words_rate
        self._log.answered(pulse, words=words)
        if words and self._chance() < self._assumed.scored_rate:
            self._follow(pulse.plan, decide(definition, self._score(), self._behind(pulse), at), at)

    def _score(self) -> Score:
        """What a made-up text says."""
        stance = _STANCES[_drawn(self._assumed.stances, self._chance())]
        barrier = _BARRIERS[_drawn(BARRIERS[stance], self._chance())]
        themes = tuple(one for one in _THEMES if self._chance() < self._assumed.theme_rate)
        return Score(Status.SCORED, stance, (), None, (), barrier, (), themes, (), False, 0.0, "")

    def _close(self, pulse: Sending, at: datetime) -> None:
        n_silent = 0 if pulse.answered else self._silent.get(id(pulse.plan), 0) + 1
        self._silent[id(pulse.plan)] = n_silent
        if n_silent:
            definition = pulse.plan.definition
            ignored_at = pulse.sent_at if n_silent > 1 else None
            behind = replace(self._behind(pulse), ignored_at=ignored_at)
            decision = decide_silence(definition, n_silent, behind, at)
            self._follow(pulse.plan, decision, at)

    def _behind(self, pulse: Sending) -> Behind:
        initiative = pulse.plan.definition.initiative.key
        past = [
            PastDecision(
                one.rule if plan is pulse.plan else "",
                one.due_at,
                elsewhere=plan.definition.initiative.key != initiative,
            )
            for plan, one in self._past
        ]
        return Behind(past, fewer=self._person.per_week is not None)

    def _follow(self, plan: Plan, decision: Decision | None, at: datetime) -> None:
        if decision is None:
            return
        rule, variants = plan.definition.rule(decision.rule), decision.send
        draw = hold_out(share_held(plan.definition, rule), self._chance())
        chosen = assign(variants, evenly(variants), self._chance(), draw)
        self._past.append((plan, PastDecision(decision.rule, decision.due_at)))
        self._log.followed(plan, decision.rule, held=draw.held)
        if not draw.held:
            new = Sending(plan, decision.kind, chosen.send, decision.due_at, at)
            self._expect(new, decision.due_at)


_Act = Callable[[Sending, datetime], None]
_Event = tuple[datetime, int, _Act, Sending]


def _drawn(weights: Sequence[float], chance: float) -> int:
    """The place that chance falls on, each as likely as its weight says."""
    reached = chance * sum(weights)
    return next(
        (place for place, upto in enumerate(accumulate(weights)) if reached < upto),
        len(weights) - 1,
    )
