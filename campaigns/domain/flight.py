"""One person's way through a run that has not begun: what would reach them, when, and why not.

Every decision is taken by what takes it in the real run: `rounds` says what comes, `outbox.judge`
whether it goes out now, `attention` what a week holds, `followup`, `offers` and `holdout` what an
answer calls for. Only what people do is made up, from stated assumptions. Chance is an argument,
numbers from 0 up to and without 1; nothing here knows a database.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Protocol

from campaigns.domain import offers, sampling
from campaigns.domain.assumptions import Assumptions
from campaigns.domain.attention import LOOK_AHEAD, LOOK_BACK, Contact
from campaigns.domain.definition import Pulse, Rule
from campaigns.domain.flight_plan import Plan, Sending
from campaigns.domain.followup import (
    Behind,
    Decision,
    PastDecision,
    decide,
    decide_gap,
    decide_silence,
)
from campaigns.domain.holdout import Draw, assign, evenly, hold_out, share_held
from campaigns.domain.made_up_answers import Answers, Chance, is_read
from campaigns.domain.offers import Offer
from campaigns.domain.outbox import CAPPED, Facts, Kind, State, judge
from campaigns.domain.people import Person, overlaps
from campaigns.domain.reminding import once_more, reminders
from campaigns.domain.timing import next_permitted


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


class Flight:
    """One person's run, from `now` to `until`, told to the log."""

    def __init__(
        self,
        person: Person,
        assumed: Assumptions,
        chance: Chance,
        log: Log,
        until: datetime,
        reads: Collection[str] = (),
    ) -> None:
        self._person, self._assumed, self._chance = person, assumed, chance
        self._log, self._until, self._reads = log, until, reads
        self._answers = Answers(person.role, assumed, chance)
        self._order, self._events = count(), list[_Event]()
        self._ahead: dict[int, Sending] = {}
        self._spent: list[Contact] = []
        self._past: list[tuple[Plan, PastDecision]] = []
        self._offered: set[tuple[str, str]] = set()
        self._n_answered = Counter[str]()
        self._silent: dict[int, int] = {}
        self._turns: dict[tuple[int, str], tuple[int, int]] = {}

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
        if one.one_in == 1 or self._is_asked(one):
            self._expect(one, max(one.due_at, at))

    def _is_asked(self, one: Sending) -> bool:
        """Whether it is this person's turn, where a pulse asks a part of each team a time."""
        place = id(one.plan), one.touchpoint
        if place not in self._turns:
            at_least = one.plan.definition.campaign.confidentiality.minimum_group
            n_people = one.plan.n_by_team.get(self._person.team_id, 0)
            n_parts = sampling.parts(one.one_in, at_least, n_people)
            self._turns[place] = int(self._chance() * n_parts), n_parts
        turn, n_parts = self._turns[place]
        return one.turn % n_parts == turn

    def _expect(self, one: Sending, at: datetime) -> None:
        one.due_at = at
        self._ahead[id(one)] = one
        self._on(at, self._try, one)

    def _try(self, one: Sending, at: datetime) -> None:
        del self._ahead[id(one)]
        paused_until = self._person.paused_until
        if paused_until is not None and at < paused_until:
            self._expect(one, paused_until)
            return
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
            Contact(other.due_at, other.plan.touch(other))
            for other in self._ahead.values()
            if other.due_at <= at + LOOK_AHEAD
        ]
        return Facts(
            kind=one.kind,
            person=self._person,
            answered=one.pulse is not None and one.pulse.answered,
            closes_at=one.closes_at,
            quiet=one.plan.definition.campaign.quiet_hours,
            touch=one.plan.touch(one),
            spent=self._spent,
            rivals=rivals,
        )

    def _sent(self, one: Sending, at: datetime) -> None:
        self._log.sent(one, at)
        one.sent_at = at
        if one.kind in CAPPED:
            self._spent.append(Contact(at, one.plan.touch(one)))
        if one.kind is Kind.PULSE and one.closes_at is not None:
            self._remind(one, one.closes_at, at)
            self._on(one.closes_at, self._close, one)
            self._perhaps_answer(one, self._assumed.answer_rate, at)
        elif one.pulse is not None:
            self._perhaps_answer(one.pulse, self._assumed.reminder_gain, at)

    def _remind(self, pulse: Sending, closes_at: datetime, at: datetime) -> None:
        plan, definition = pulse.plan, pulse.plan.definition
        planned = list(reminders(definition, pulse.touchpoint, self._person, closes_at, at))
        if plan.urges(self._person.team_id, at):
            dues = (due_at for _, due_at in planned)
            due_at = once_more(definition, self._person, dues, closes_at, at)
            planned += [("", due_at)] if due_at else []
        for key, due_at in planned:
            again = Sending(plan, Kind.REMINDER, key, due_at, at, closes_at, pulse.round, pulse)
            self._expect(again, due_at)

    def _perhaps_answer(self, pulse: Sending, share: float, at: datetime) -> None:
        """Within their hours."""
        if self._chance() < share:
            quiet = pulse.plan.definition.campaign.quiet_hours
            moment = next_permitted(at + self._answers.after(), self._person, quiet)
            self._on(moment, self._answer, pulse)

    def _answer(self, pulse: Sending, at: datetime) -> None:
        if pulse.answered or pulse.closes_at is None or at >= pulse.closes_at:
            return
        pulse.answered = True
        plan, definition = pulse.plan, pulse.plan.definition
        touchpoint = definition.touchpoint(pulse.touchpoint)
        assert isinstance(touchpoint, Pulse)  # noqa: S101  nothing else is answered
        touchpoint = touchpoint.in_round(pulse.asks)
        words = self._answers.writes(definition, touchpoint)
        self._log.answered(pulse, words=words)
        said = self._answers.speak_of_competences(definition, touchpoint)
        if offers.looks_for_gaps(definition) and offers.gaps(definition, self._person.role, said):
            offer = self._offer(plan, at)
            empty = offers.empty(definition, offer)
            self._follow(pulse, decide_gap(definition, self._behind(plan), at, empty), at, offer)
        if words and is_read(definition, self._person, self._reads):
            self._score(pulse, at)
        self._n_answered[definition.initiative.key] += 1

    def _score(self, pulse: Sending, at: datetime) -> None:
        plan, definition = pulse.plan, pulse.plan.definition
        score = self._answers.score()
        if score is None:
            return
        trend = self._answers.trend(score, self._n_answered[definition.initiative.key])
        offer = self._offer(plan, at)
        empty = offers.empty(definition, offer)
        decision = decide(definition, score, self._behind(plan), at, trend, empty)
        self._follow(pulse, decision, at, offer)

    def _offer(self, plan: Plan, at: datetime) -> Offer | None:
        """The training that fits best; each is taken to have a seat left."""
        definition = plan.definition
        if not definition.campaign.trainings:
            return None
        had = {one for key, one in self._offered if key == definition.campaign.key}
        said = self._answers.said(definition)
        return offers.choose(definition, self._person, said, (), had, at.date())

    def _close(self, pulse: Sending, at: datetime) -> None:
        whose, person = id(pulse.plan), self._person
        if pulse.answered or pulse.sent_at is None or pulse.closes_at is None:
            self._silent[whose] = 0
            return
        span = pulse.sent_at.date(), pulse.closes_at.date()
        if overlaps(person.away_from, person.away_until, *span):
            return
        self._silent[whose] = n_silent = self._silent.get(whose, 0) + 1
        ignored_at = pulse.sent_at if n_silent > 1 else None
        behind = replace(self._behind(pulse.plan), ignored_at=ignored_at)
        self._follow(pulse, decide_silence(pulse.plan.definition, n_silent, behind, at), at)

    def _behind(self, plan: Plan) -> Behind:
        initiative = plan.definition.initiative.key
        past = [
            PastDecision(
                one.rule if other is plan else "",
                one.due_at,
                elsewhere=other.definition.initiative.key != initiative,
            )
            for other, one in self._past
        ]
        return Behind(past, fewer=self._person.per_week is not None)

    def _follow(
        self, pulse: Sending, decision: Decision | None, at: datetime, offer: Offer | None = None
    ) -> None:
        if decision is None:
            return
        plan, definition = pulse.plan, pulse.plan.definition
        variants = decision.send
        draw = self._draw(pulse, definition.rule(decision.rule))
        chosen = assign(variants, evenly(variants), self._chance(), draw)
        self._past.append((plan, PastDecision(decision.rule, decision.due_at)))
        self._log.followed(plan, decision.rule, held=draw.held)
        if draw.held:
            return
        if offer and chosen.send in offers.picking(definition):
            self._offered.add((definition.campaign.key, offer.training))
        new = Sending(plan, decision.kind, chosen.send, decision.due_at, at)
        self._expect(new, decision.due_at)

    def _draw(self, pulse: Sending, rule: Rule) -> Draw:
        """Whether chance holds out: one draw for a whole team and round, where the rule says so."""
        plan = pulse.plan
        draw = hold_out(share_held(plan.definition, rule), self._chance())
        if rule.holdout_by == "team":
            whose = (pulse.touchpoint, pulse.round, self._person.team_id, rule.key)
            draw = plan.draws.setdefault(whose, draw)
        return draw


_Act = Callable[[Sending, datetime], None]
_Event = tuple[datetime, int, _Act, Sending]
