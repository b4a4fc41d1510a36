"""A simulated life: the real decisions, made-up answers, nothing outside hours or budgets."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from campaigns.domain.assumptions import Assumptions
from campaigns.domain.definition import Vision
from campaigns.domain.flight import Flight, Plan, Sending, coming
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.rounds import Round, on_for
from campaigns.domain.timing import WEEK, Occurrence
from tests.people import clerk
from tests.sending import campaign, pulse, reminder, vision

NOW = datetime(2027, 1, 11, 6, 0, tzinfo=UTC)  # a Monday
OFFICE = replace(clerk("P1", 1), hours=WorkingHours(), time_zone="UTC")
NOBODY_ANSWERS = Assumptions(answer_rate=0, reminder_gain=0)
COURSE = {"kind": "follow_up", "key": "course", "title": "C", "text": "C", "purpose": "why"}


@dataclass
class Seen:
    sent_: list[tuple[Kind, datetime]] = field(default_factory=list)
    back: list[tuple[State, str]] = field(default_factory=list)
    n_answered: int = 0
    rules: list[str] = field(default_factory=list)

    def sent(self, one: Sending, at: datetime) -> None:
        self.sent_.append((one.kind, at))

    def held_back(self, one: Sending, state: State, reason: str) -> None:  # noqa: ARG002
        self.back.append((state, reason))

    def answered(self, pulse: Sending, *, words: bool) -> None:  # noqa: ARG002
        self.n_answered += 1

    def followed(self, plan: Plan, rule: str, *, held: bool) -> None:  # noqa: ARG002
        self.rules.append(rule)


def flown(
    plans: Sequence[Plan], assumed: Assumptions, person: Person = OFFICE, seed: int = 1
) -> Seen:
    seen, until = Seen(), NOW + 6 * WEEK
    flight = Flight(person, assumed, Random(seed).random, seen, until)
    flight.fly([one for plan in plans for one in coming(plan, person.rhythm, NOW, until)], NOW)
    return seen


def plan(*touchpoints: dict[str, Any], **more: Any) -> Plan:
    return Plan(campaign(*touchpoints, **more), NOW.date())


def test_flight_keeps_to_hours_and_to_one_budget_over_all_campaigns() -> None:
    daily = vision("news", cron="0 6 * * *")
    plans = [plan(daily, key=key, limits={"messages_per_week": 2}) for key in ("one", "two")]
    seen = flown(plans, NOBODY_ANSWERS)
    moments = [at for _, at in seen.sent_]
    assert len(moments) >= 12
    assert all(8 <= at.hour < 17 and at.weekday() < 5 for at in moments)
    for at in moments:
        assert sum(at - WEEK < other <= at for other in moments) <= 2
    assert (State.PENDING, "moved: weekly cap") in seen.back


def test_flight_sends_nothing_while_somebody_is_away() -> None:
    away = replace(OFFICE, away_from=date(2027, 1, 11), away_until=date(2027, 1, 22))
    seen = flown([plan(vision())], NOBODY_ANSWERS, away)
    assert [at for _, at in seen.sent_] == [datetime(2027, 1, 25, 8, tzinfo=UTC)]


def test_flight_reminds_the_silent_and_follows_their_silence_up() -> None:
    rules = [{"key": "quiet", "when": {"silence_pulses": 2}, "send": "course", "holdout": 0}]
    weekly = plan(pulse(cron="0 9 * * 1"), reminder(), COURSE, rules=rules)
    silent = flown([weekly], NOBODY_ANSWERS)
    kinds = [kind for kind, _ in silent.sent_]
    assert kinds.count(Kind.PULSE) == kinds.count(Kind.REMINDER) == 6
    assert silent.rules == ["quiet"]
    assert kinds.count(Kind.FOLLOW_UP) == 1
    prompt = flown([weekly], Assumptions(answer_rate=1, answer_hours=1))
    assert (prompt.n_answered, prompt.rules) == (6, [])
    assert {kind for kind, _ in prompt.sent_} == {Kind.PULSE}


def test_flight_is_the_same_for_the_same_seed() -> None:
    weekly = plan(pulse(cron="0 9 * * 1"), reminder())
    assert flown([weekly], Assumptions()) == flown([weekly], Assumptions())
    answers = {flown([weekly], Assumptions(), seed=seed).n_answered for seed in range(8)}
    assert len(answers) > 1


def test_coming_leaves_out_what_went_out_already() -> None:
    content = campaign(vision())
    [touchpoint] = content.campaign.touchpoints
    assert isinstance(touchpoint, Vision)
    gone = Round(Occurrence(NOW.replace(tzinfo=None)), touchpoint.when, on_for(touchpoint))
    running = Plan(content, NOW.date(), {"why": [gone]})
    assert list(coming(running, OFFICE.rhythm, NOW, NOW + timedelta(days=9))) == []


def test_flight_asks_each_person_in_turn_where_a_pulse_asks_a_part() -> None:
    third = plan(pulse(cron="0 9 * * 1") | {"ask": {"one_in": 3}})
    lives = [flown([third], NOBODY_ANSWERS, seed=seed).sent_ for seed in range(6)]
    assert {len(one) for one in lives} == {2}
    assert len({tuple(one) for one in lives}) > 1
