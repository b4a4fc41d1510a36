"""A round asks what has its turn, of everybody alike, and goes on asking that whatever changes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.assumptions import Assumptions
from campaigns.domain.definition import Definition
from campaigns.domain.messages import Action, Choices, Message, Scale, TextBox
from campaigns.domain.outbox import Kind, State
from campaigns.flows import answering
from campaigns.flows.answering import Recorded, Refusal
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, pause, plan, resume
from campaigns.flows.previewing import preview, render
from campaigns.flows.simulating import Wanted, simulate
from campaigns.storage import outbox, runs
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from tests.learning import BEHIND, sure, training
from tests.scene import VAULT, event
from tests.sending import (
    InterruptedMessenger,
    broken_at,
    campaign,
    open_runs,
    pulse,
    reminder,
    rows,
    staff,
    vision,
)

WEEK = timedelta(days=7)
EVERY_WEEK: dict[str, Any] = {"every_days": 7, "first_after_days": 0, "times": 9}
READY = {"key": "ready", "kind": "scale", "prompt": "I am ready.", "favourable": "high"}
COURSE = {"kind": "follow_up", "key": "course", "title": "A course", "text": "For you."}


def scale(key: str) -> dict[str, Any]:
    return {"key": key, "kind": "scale", "prompt": f"Is the {key} right?"}


def weekly(
    *in_turn: str, also: Sequence[dict[str, Any]] = (), one_in: int = 1, **more: Any
) -> Definition:
    """A pulse that asks for readiness each week, and these in turn."""
    asking = pulse(**EVERY_WEEK) | {"questions": ["ready", *in_turn], "ask": {"one_in": one_in}}
    asking |= {"rotate": {"questions": in_turn}} if in_turn else {}
    more = {"questions": [READY, *map(scale, in_turn)], "tell_back": "off"} | more
    return campaign(asking, *also, **more)


def go(database: Database, now: datetime) -> InterruptedMessenger:
    """What is due by now is planned and sent."""
    messenger = InterruptedMessenger()
    plan(database, now)
    deliver_due(database, messenger, compose, now)
    return messenger


def sent(database: Database, kind: Kind = Kind.PULSE) -> list[Delivery]:
    with database.read() as c:
        found = [outbox.by_id(c, row.id) for row in rows(database, State.SENT)]
    return [one for one in found if one.kind is kind]


def question(message: Message) -> str | None:
    parts = [one for one in message.parts if isinstance(one, Scale | Choices | TextBox)]
    return next((one.question for one in parts if one.question), None)


def press(database: Database, delivery: Delivery, key: str, now: datetime) -> Recorded:
    return answering.record(database, VAULT, event(delivery, Action.SKIP, key), now)


def asks(database: Database, delivery: Delivery, now: datetime) -> list[str]:
    """All that it asks, one question after the other, each passed over."""
    found = []
    while key := question(shown(database, delivery, now)):
        assert press(database, delivery, key, now) == Recorded("skip")
        found.append(key)
    return found


def shown(database: Database, delivery: Delivery, now: datetime) -> Message:
    with database.read() as c:
        return compose(c, delivery, now)


def test_round_asks_everybody_the_same_and_the_next_round_what_comes_next(
    database: Database, now: datetime
) -> None:
    people = staff(database, 3)
    launch(database, weekly("tools", "room"), now)
    for number, key in enumerate(["tools", "room", "tools"]):
        at = now + number * WEEK
        messages = [message.fallback_text for _, message in go(database, at).sent]
        assert all("Question 1 of 2" in text for text in messages)
        new = sent(database)[number * len(people) :]
        assert [asks(database, one, at) for one in new] == [["ready", key]] * len(people)


def test_round_that_is_out_asks_the_same_in_a_reminder_and_after_an_edit(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    content = weekly("tools", "room", also=[reminder()])
    launch(sqlite_database, content, now)
    go(sqlite_database, now)
    edited = weekly("new", "room", also=[reminder()])
    launch(sqlite_database, edited, now + timedelta(hours=1))
    pause(sqlite_database, "portal", now)
    resume(sqlite_database, "portal", now)
    at = now + timedelta(days=2)
    go(sqlite_database, at)
    [asked], [again] = sent(sqlite_database), sent(sqlite_database, Kind.REMINDER)
    assert press(sqlite_database, again, "room", at).refusal is Refusal.NOT_ASKED
    assert press(sqlite_database, again, "ready", at) == Recorded("skip")
    assert question(shown(sqlite_database, asked, at)) is None, "it is asked further down"
    assert "Question 2 of 2" in shown(sqlite_database, again, at).fallback_text
    assert asks(sqlite_database, again, at) == ["tools"]
    for number, key in enumerate(["new", "room", "new"], 1):
        go(sqlite_database, now + number * WEEK)
        assert asks(sqlite_database, sent(sqlite_database)[-1], now + number * WEEK)[1:] == [key]


def test_part_of_a_team_whose_round_was_lost_in_a_pause_has_the_next_with_the_same_question(
    database: Database, now: datetime
) -> None:
    people = staff(database, 10)
    launch(database, weekly("tools", "room", one_in=2), now)
    go(database, now)
    plan(database, now + WEEK)
    pause(database, "portal", now + WEEK)
    resume(database, "portal", now + 2 * WEEK)
    at = now + 2 * WEEK
    go(database, at)
    assert sorted(one.person_id for one in sent(database)) == people
    assert asks(database, sent(database)[-1], at) == ["ready", "tools"]


@pytest.mark.parametrize("waits", [False, True])
def test_round_that_broke_off_before_anybody_had_it_follows_the_edited_version(
    sqlite_database: Database, now: datetime, *, waits: bool
) -> None:
    staff(sqlite_database, 1)
    launch(sqlite_database, weekly("tools", "room"), now)
    with pytest.raises(ConnectionError), broken_at(sqlite_database, "INSERT INTO deliveries", 1):
        plan(sqlite_database, now)
    if waits:  # as a round does until something is told back: the new version takes it over
        with sqlite_database.write() as c:
            runs.hold(c, open_runs(sqlite_database)[0].id, now)
    launch(sqlite_database, weekly("room", "new"), now)
    at = now + timedelta(minutes=5)
    go(sqlite_database, at)
    assert asks(sqlite_database, sent(sqlite_database)[0], at) == ["ready", "room"]


def test_edit_that_ends_the_turns_asks_all_from_the_next_round_on(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    launch(sqlite_database, weekly("tools", "room"), now)
    go(sqlite_database, now)
    always = pulse(**EVERY_WEEK) | {"questions": ["ready", "tools", "room"]}
    questions = [READY, scale("tools"), scale("room")]
    launch(sqlite_database, campaign(always, questions=questions, tell_back="off"), now)
    go(sqlite_database, now + WEEK)
    first, second = sent(sqlite_database)
    assert asks(sqlite_database, first, now) == ["ready", "tools"]
    assert asks(sqlite_database, second, now + WEEK) == ["ready", "tools", "room"]


def test_each_half_of_a_team_meets_each_of_two_questions_in_turn(
    sqlite_database: Database, now: datetime
) -> None:
    people = staff(sqlite_database, 10)
    launch(sqlite_database, weekly("tools", "room", one_in=2), now)
    met = defaultdict[int, list[str]](list)
    for number in range(4):
        at = now + number * WEEK
        go(sqlite_database, at)
        for one in sent(sqlite_database)[5 * number :]:
            met[one.person_id] += asks(sqlite_database, one, at)[1:]
    assert sorted(met) == people
    assert all(keys == ["tools", "room"] for keys in met.values())


def long(key: str) -> dict[str, Any]:
    return scale(key) | {"prompt": "word " * 190}


@pytest.mark.parametrize(("in_turn", "n_out"), [(("tools", "slow"), 2), (("slow", "tools"), 1)])
def test_budget_counts_what_the_round_asks_as_the_simulated_run_does(
    sqlite_database: Database, now: datetime, in_turn: tuple[str, str], n_out: int
) -> None:
    staff(sqlite_database, 1)
    questions = [READY, scale("tools"), long("slow")]
    limits = {"minutes_per_week": 1}
    content = weekly(*in_turn, also=[vision()], questions=questions, limits=limits)
    found = simulate(sqlite_database, content, now, Assumptions(), Wanted(n_weeks=1))
    assert found.run.weeks[0].people == {n_out: 1}
    launch(sqlite_database, content, now)
    go(sqlite_database, now)
    assert len(rows(sqlite_database, State.SENT)) == n_out


def test_simulated_run_goes_on_with_what_has_its_turn_next(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    content = weekly("tools", "room")
    launch(sqlite_database, content, now)
    go(sqlite_database, now)
    later = now + timedelta(days=1)
    for edited in (content, weekly("room", "tools")):
        found = simulate(sqlite_database, edited, later, Assumptions(), Wanted(n_weeks=3))
        pulses = [seen for place, seen in found.mine() if place.kind is Kind.PULSE]
        assert [seen.asks for seen in pulses] == [("room",), ("tools",), ("room",)]


def test_simulated_run_asks_what_a_round_on_its_way_has_begun_to_ask(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    soon = now - timedelta(hours=6)
    launch(sqlite_database, weekly("tools", "room"), soon)
    plan(sqlite_database, soon)
    edited = weekly("room", "tools")
    found = simulate(sqlite_database, edited, soon, Assumptions(), Wanted(n_weeks=2))
    pulses = [seen for place, seen in found.mine() if place.kind is Kind.PULSE]
    assert [seen.asks for seen in pulses] == [("tools",), ("room",)]


def test_preview_shows_each_question_once_and_which_come_in_which_round(
    sqlite_database: Database, now: datetime
) -> None:
    content = weekly("tools", "room", "time")
    [found] = preview(sqlite_database, content, now).in_turn
    assert (found.pulse, found.rounds) == ("pulse", (("tools",), ("room",), ("time",)))
    staff(sqlite_database, 5)
    launch(sqlite_database, content, now)
    go(sqlite_database, now)
    [found] = preview(sqlite_database, content, now).in_turn
    assert found.rounds == (("room",), ("time",), ("tools",))
    texts = {one.step: one.message.fallback_text for one in render(content)}
    assert [step for step in texts if step in {"ready", "tools", "room", "time"}] == [
        *("ready", "tools", "room", "time")
    ]
    assert all("Question 2 of 2" in texts[key] for key in ("tools", "room", "time"))
    assert "Question 1 of 2" in texts["ready"]


def test_gap_is_found_once_a_round_is_answered_to_its_end(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 1)
    questions = [READY, sure("of-forms", "forms"), sure("of-data", "data")]
    content = weekly(
        "of-forms",
        "of-data",
        also=[COURSE | {"purpose": "training"}],
        questions=questions,
        competences=[{"key": "data", "title": "Data"}, {"key": "forms", "title": "Forms"}],
        trainings=[training("first", "intermediate")],
        rules=[BEHIND],
    )
    sure_of_nothing = Assumptions(answer_rate=1, answer_hours=1, lacking=1)
    for n_weeks, n_follow_ups in ((1, 0), (2, 1)):
        ahead = simulate(sqlite_database, content, now, sure_of_nothing, Wanted(n_weeks=n_weeks))
        assert sum(week.by_kind[Kind.FOLLOW_UP] for week in ahead.run.weeks) == n_follow_ups
    launch(sqlite_database, content, now)
    for number, (key, n_offers) in enumerate([("of-forms", 0), ("of-data", 1)]):
        at = now + number * WEEK
        go(sqlite_database, at)
        asked = sent(sqlite_database)[-1]
        assert press(sqlite_database, asked, "ready", at) == Recorded("skip")
        low = event(asked, Action.ANSWER, key, "1")
        assert answering.record(sqlite_database, VAULT, low, at) == Recorded("scale")
        assert sum(row.kind == Kind.FOLLOW_UP for row in rows(sqlite_database)) == n_offers
