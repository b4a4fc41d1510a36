"""A simulated life: the real decisions, made-up answers, nothing outside hours or budgets."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from campaigns.domain.assumptions import Assumptions
from campaigns.domain.definition import Vision
from campaigns.domain.flight import Flight
from campaigns.domain.flight_plan import Plan, Sending, coming
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


def plan(*touchpoints: dict[str, Any], n_people: int = 100, **more: Any) -> Plan:
    n_by_team = {OFFICE.team_id: n_people}
    return Plan(campaign(*touchpoints, **more), NOW.date(), n_by_team=n_by_team)


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
    small = replace(third, n_by_team={OFFICE.team_id: 9})
    assert len(flown([small], NOBODY_ANSWERS).sent_) == 6


def test_flight_follows_no_silence_up_of_somebody_who_was_away() -> None:
    rules = [{"key": "quiet", "when": {"silence_pulses": 2}, "send": "course", "holdout": 0}]
    weekly = plan(pulse(cron="0 9 * * 1", times=2), COURSE, rules=rules)
    away = replace(OFFICE, away_from=date(2027, 1, 20), away_until=date(2027, 1, 22))
    assert flown([weekly], NOBODY_ANSWERS).rules == ["quiet"]
    assert flown([weekly], NOBODY_ANSWERS, away).rules == []


def test_flight_waits_for_the_end_of_a_pause() -> None:
    paused = replace(OFFICE, paused_until=datetime(2027, 1, 14, 12, 0, tzinfo=UTC))
    assert [at for _, at in flown([plan(vision())], NOBODY_ANSWERS, paused).sent_] == [
        paused.paused_until
    ]


def test_flight_reminds_an_urged_team_once_more() -> None:
    weekly = plan(pulse(cron="0 9 * * 1"), reminder())
    other, more = (
        flown([replace(weekly, urged=teams, urged_from=NOW + 2 * WEEK)], NOBODY_ANSWERS).sent_
        for teams in (frozenset({OFFICE.team_id + 1}), frozenset({OFFICE.team_id}))
    )
    assert [kind for kind, _ in other].count(Kind.REMINDER) == 6
    assert [kind for kind, _ in more].count(Kind.REMINDER) == 6 + 4


def test_flight_offers_each_training_once_where_a_competence_lacks() -> None:
    asked = {"key": "data", "kind": "scale", "prompt": "I can.", "competence": "data"}
    steps = ("foundation", "intermediate")
    trainings = [
        {"key": level, "title": "T", "format": "workshop", "level": level, "competences": ["data"]}
        for level in steps
    ]
    rules = [
        {"key": "lacks", "when": {"gap": True}, "send": "course", "holdout": 0, "at_most": 9}
        | {"pause_days": 0}
    ]
    weekly = plan(
        pulse(cron="0 9 * * 1") | {"questions": ["data"]},
        {**COURSE, "purpose": "training"},
        questions=[asked],
        competences=[{"key": "data", "title": "Data"}],
        trainings=trainings,
        rules=rules,
        limits={"days_between_follow_ups": 7},
    )
    prompt = Assumptions(answer_rate=1, answer_hours=1, lacking=1)
    offers = {len(flown([weekly], prompt, seed=seed).rules) for seed in range(9)}
    assert offers == {1, 2}  # two steps to go for whoever is not there yet, one for others
    assert flown([weekly], replace(prompt, lacking=0)).rules == []


def test_flight_follows_a_trend_only_once_there_is_one() -> None:
    why = {"key": "why", "kind": "text", "prompt": "Why?"}
    rules = [{"key": "falls", "when": {"trend": ["worse"]}, "send": "course", "holdout": 0}]
    asks = pulse(cron="0 9 * * 1") | {"questions": ["why"]}
    weekly = plan(asks, COURSE, questions=[why], rules=rules)
    always = {"answer_rate": 1, "answer_hours": 1, "words_rate": 1, "scored_rate": 1}
    against = Assumptions(**always, resistant=1, ambivalent=0, supportive=0, worse_rate=1)
    seen = flown([weekly], against)
    assert (seen.n_answered, seen.rules) == (6, ["falls"])
    first = next(at for kind, at in seen.sent_ if kind is Kind.FOLLOW_UP)
    assert first - NOW > 2 * WEEK  # the third answer is the first that has two before it
    assert flown([weekly], replace(against, worse_rate=0)).rules == []
    assert flown([weekly], replace(against, resistant=0, supportive=1)).rules == []


def test_flights_of_a_team_share_one_draw_of_each_round() -> None:
    rules = [
        {"key": "quiet", "when": {"silence_pulses": 1}, "send": "course", "holdout": 0.5}
        | {"holdout_by": "team"}
    ]
    held: dict[int, set[int]] = {}
    once = plan(pulse(), COURSE, rules=rules)
    for team_id in range(1, 9):
        for seed in range(6):
            seen = flown(
                [once], NOBODY_ANSWERS, replace(OFFICE, team_id=team_id), 10 * team_id + seed
            )
            held.setdefault(team_id, set()).add(len(seen.sent_))
    assert all(len(of_team) == 1 for of_team in held.values())
    assert {n for of_team in held.values() for n in of_team} == {1, 2}
