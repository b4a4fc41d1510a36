"""Chance holds out and chooses, writes down with which probability, and leaves help alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.definition import Definition
from campaigns.domain.followup import Decision
from campaigns.domain.holdings import Holdings
from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.flows.choosing import Occasion, carry_out
from campaigns.flows.copying import copy_of
from campaigns.flows.noticing import notice_silence
from campaigns.storage import campaigns, directory, holdings
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import decisions, team_draws
from tests.fakes import Fixed, FixedScorer
from tests.people import clerk
from tests.scene import (
    FEAR,
    NEED,
    TRAINING,
    VAULT,
    Scene,
    definition,
    event,
    follow_ups,
    rows,
    score,
    write,
)

HELD, SENT = Fixed(0.0), Fixed(0.99)


def ruled(**changes: Any) -> Definition:
    rule = {"key": "learn", "when": {"barrier": ["knowledge"]}, "send": "training"} | changes
    return definition(rules=[rule])


def follow_up(key: str, **changes: Any) -> dict[str, Any]:
    said = {"title": f"About {key}", "text": f"This is {key}.", "purpose": "training"}
    return {"kind": "follow_up", "key": key} | said | changes


def test_rule_holds_out_when_chance_says_so_and_keeps_why(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    scene = Scene(database, now, ruled(holdout=0.2))
    held, sent = scene.person("P1"), scene.person("P2")
    write(scene, held, TRAINING)
    score(scene, scorer, chance=HELD)
    write(scene, sent, TRAINING)
    score(scene, scorer, chance=SENT)
    (left_out,), (goes,) = follow_ups(scene, held), follow_ups(scene, sent)
    assert (left_out.state, left_out.reason) == (State.DROPPED, "held out")
    assert (goes.state, goes.reason) == (State.PENDING, "")
    assert [(one.person_id, one.held, one.p_held) for one in rows(scene, decisions)] == [
        (held.id, True, 0.2),
        (sent.id, False, 0.2),
    ]
    assert [(one.send, one.p_send, one.team_id) for one in rows(scene, decisions)] == [
        ("training", 1.0, None)
    ] * 2


def test_held_out_counts_for_the_limits_as_if_it_had_been_sent(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    scene = Scene(database, now, ruled(at_most=5, pause_days=0))
    person = scene.person()
    for days, n_decided in ((0, 1), (20, 1), (22, 2)):
        scene.now = now + timedelta(days=days)
        write(scene, person, TRAINING, once=str(days))
        score(scene, scorer, chance=HELD)
        assert len(follow_ups(scene, person)) == n_decided


def test_variants_are_chosen_evenly_and_each_with_its_probability(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    scene = Scene(database, now, ruled(send=["training", "talk", "fear"], holdout=0))
    for i, says in enumerate((0.0, 0.32, 0.34, 0.67, 0.99)):
        write(scene, scene.person(f"P{i}"), TRAINING)
        score(scene, scorer, chance=Fixed(says))
    sent = [one.send for one in rows(scene, decisions)]
    assert sent == ["training", "training", "talk", "fear", "fear"]
    assert {one.p_send for one in rows(scene, decisions)} == {1 / 3}


def test_help_is_held_out_from_nobody(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    content = ruled(send="care")
    touchpoints = [
        *(one.model_dump(mode="json") for one in content.campaign.touchpoints),
        follow_up("care", purpose="help"),
    ]
    rules = [one.model_dump(mode="json") for one in content.campaign.rules]
    scene = Scene(database, now, definition(touchpoints=touchpoints, rules=rules))
    in_need, person = scene.person("P1"), scene.person("P2")
    write(scene, in_need, NEED)
    write(scene, person, TRAINING)
    score(scene, scorer, chance=HELD)
    assert [one.kind for one in follow_ups(scene, in_need)] == [Kind.HELP]
    assert [one.state for one in follow_ups(scene, person)] == [State.PENDING]


def silent(scene: Scene, *people: Person) -> None:
    """All of them left a pulse unanswered that is closed now."""
    scene.run(*people)
    scene.now += timedelta(days=7)


@pytest.fixture
def teams(database: Database, now: datetime) -> tuple[Scene, list[Person]]:
    """Two people of one team and one of another, with a rule for silence that draws by team."""
    rule = {"key": "quiet", "when": {"silence_pulses": 1}, "send": "talk", "holdout": 0.5}
    more = {"holdout_by": "team", "at_most": 9, "pause_days": 0}
    scene = Scene(database, now, definition(rules=[rule | more]))
    with database.write() as c:
        other = directory.put_team(c, "Archive")
        directory.put(c, clerk("P3", other))
        elsewhere = directory.person_by_external_id(c, "P3")
    return scene, [scene.person("P1"), scene.person("P2"), elsewhere]


class Alternating(Fixed):
    """Chance that holds out, chooses, sends, chooses, and so on."""

    def random(self) -> float:
        """0.0, 0.0, .99, .99, and again."""
        self.n = getattr(self, "n", -1) + 1
        return 0.0 if self.n % 4 < 2 else 0.99


def test_team_is_held_out_as_one_when_its_colleagues_tell_each_other(
    teams: tuple[Scene, list[Person]],
) -> None:
    scene, people = teams
    silent(scene, *people)
    assert notice_silence(scene.database, scene.now, Alternating()) == 3
    found = rows(scene, decisions)
    first, second, other = people  # who is asked in the order of ids: other, first, second
    assert {one.person_id: one.held for one in found} == {
        other.id: True,
        first.id: False,
        second.id: False,  # chance would have held them out alone
    }
    assert {one.team_id for one in found} == {first.team_id, other.team_id}
    assert len({one.run_id for one in found}) == 1
    assert len(rows(scene, team_draws)) == 2
    scene.now += timedelta(days=21)
    silent(scene, *people)
    assert notice_silence(scene.database, scene.now, SENT) == 3  # drawn anew for each pulse
    assert [one.held for one in rows(scene, decisions)[3:]] == [False] * 3


def decide_late(scene: Scene, person: Person, run_id: int) -> None:
    """Somebody of the same team is reached by the same pulse, and decided for by the same rule."""
    decision = Decision(Kind.FOLLOW_UP, "quiet", ("talk",), scene.now, "silence")
    one = Occasion(f"silence:{run_id}:{person.id}", person.id, person.team_id, run_id, decision)
    with scene.database.write() as c:
        assert carry_out(c, scene.campaign, [one], scene.now, SENT) == 1


def test_draw_of_a_team_stays_when_the_campaign_is_edited_in_between(
    teams: tuple[Scene, list[Person]],
) -> None:
    scene, (first, second, _) = teams
    run_id = scene.run(first)
    scene.now += timedelta(days=7)
    notice_silence(scene.database, scene.now, HELD)
    rule = scene.campaign.definition.campaign.rules[0].model_dump(mode="json", exclude_unset=True)
    with scene.database.write() as c:
        edited = definition(rules=[rule | {"holdout": 0.1, "after_hours": 3}])
        scene.campaign = campaigns.put(c, edited, scene.now)
    assert notice_silence(scene.database, scene.now, SENT) == 0  # nothing is decided twice
    assert [one.state for one in follow_ups(scene, first)] == [State.DROPPED]
    scene.now += timedelta(days=1)
    decide_late(scene, second, run_id)
    found = rows(scene, decisions)
    assert [(one.held, one.p_held) for one in found] == [(True, 0.5), (True, 0.5)]


def test_person_finds_what_chance_left_out_for_them(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    scene = Scene(database, now, ruled())
    person = scene.person()
    write(scene, person, TRAINING)
    score(scene, scorer, chance=HELD)
    (choice,) = copy_of(database, VAULT, person, now)["messages_chosen_by_a_rule"]
    assert choice["left_out_by_chance_to_see_whether_it_helps"] is True
    assert choice["chance_of_being_left_out"] == 0.1
    with database.read() as c:
        found: Holdings = holdings.of_person(c, person.id)
    assert (found.n_chosen, found.n_left_out) == (0, 1)


def answer(scene: Scene, pulse: Delivery, number: str) -> None:
    """The person marks that point in the same pulse."""
    tap = event(pulse, Action.ANSWER, "ready", number)
    assert answering.record(scene.database, VAULT, tap, scene.now).refusal is None


def test_trend_lies_to_the_persons_own_earlier_pulses(
    database: Database, now: datetime, scorer: FixedScorer
) -> None:
    scene = Scene(database, now, ruled(when={"trend": ["worse"]}, holdout=0))
    slides, stays = scene.person("P1"), scene.person("P2")
    for week, (number, words) in enumerate((("5", "Well."), ("5", "Well."), ("1", FEAR))):
        scene.now = now + timedelta(weeks=week)
        answer(scene, write(scene, slides, words, once=f"{week}:1"), number)
        answer(scene, write(scene, stays, FEAR, once=f"{week}:2"), "1")
        score(scene, scorer)
    assert [one.touchpoint for one in follow_ups(scene, slides)] == ["training"]
    assert follow_ups(scene, stays) == []
    assert [one.inputs for one in rows(scene, decisions)] == ["trend"]
