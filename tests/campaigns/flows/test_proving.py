"""What became of both sides is counted once, four weeks after, and of enough people at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.confidentiality import WITHHELD, Cell, Withheld
from campaigns.domain.definition import Definition
from campaigns.domain.experiments import Tally
from campaigns.domain.messages import Action
from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.flows.proving import prove
from campaigns.flows.reporting import overview
from campaigns.storage import campaigns, directory, effects, erasing, releases
from campaigns.storage.database import Database
from campaigns.storage.tables import decisions
from campaigns.storage.vault import Vault, new_key
from sentiment.resistance import Evidence, value
from tests.fakes import Fixed, FixedScorer
from tests.scene import KNOWN, TRAINING, Scene, definition, event, rows, score, write

WEEK = timedelta(weeks=1)
RULE = {"key": "learn", "when": {"barrier": ["knowledge"]}, "send": "training", "holdout": 0.5}
VAULT = Vault([new_key()])


def content(**changes: Any) -> Definition:
    return definition(rules=[RULE | changes])


@pytest.fixture
def scene(sqlite_database: Database, now: datetime) -> Scene:
    return Scene(sqlite_database, now, content())


def decide(scene: Scene, people: Sequence[Person], *, held: bool) -> None:
    """Each writes that nobody showed them, and chance holds all of them out, or none."""
    for person in people:
        write(scene, person, TRAINING, once=f"{person.id}:{scene.now}")
    score(scene, FixedScorer(KNOWN), chance=Fixed(0.0 if held else 0.99), limit=len(people))


def answer(scene: Scene, people: Sequence[Person], number: str) -> None:
    """Each marks that point of a new pulse."""
    for person in people:
        pulse = scene.pulse(person)
        tap = event(pulse, Action.ANSWER, "ready", number)
        assert answering.record(scene.database, VAULT, tap, scene.now).refusal is None


def close(scene: Scene, n: int = 1) -> None:
    """So many periods more are published, and the last one has just ended."""
    with scene.database.write() as c:
        for _ in range(n):
            period, tree = releases.count(c, scene.campaign.id), directory.tree(c)
            cells: dict[int | None, Cell] = dict.fromkeys(tree.teams, WITHHELD)
            releases.put(c, scene.campaign.id, period, cells, tree, scene.now)
    scene.now = scene.campaign.launched_at + 4 * (period + 1) * WEEK


def tally(scene: Scene) -> Tally:
    with scene.database.read() as c:
        return effects.of_campaign(c, scene.campaign.id)["learn"].tally


def people(scene: Scene, n: int, start: int = 0) -> list[Person]:
    return [scene.person(f"P{start + i}") for i in range(n)]


def both_sides(scene: Scene, n: int = 12) -> tuple[list[Person], list[Person]]:
    """So many were sent the training and answer at the supportive end, as many were held out."""
    sent, held = people(scene, n), people(scene, n, start=n)
    decide(scene, sent, held=False)
    decide(scene, held, held=True)
    scene.now += 2 * WEEK
    answer(scene, sent, "5")
    answer(scene, held, "1")
    return sent, held


def test_outcomes_count_once_when_their_four_weeks_are_over(scene: Scene) -> None:
    both_sides(scene)
    close(scene)
    prove(scene.database, scene.now)
    assert tally(scene) == Tally()  # due within the last four weeks
    close(scene)
    assert prove(scene.database, scene.now) == 1
    found = tally(scene)
    assert (found.n, found.sent.answered, found.held.answered) == (24, 12, 12)
    assert (found.sent.people, found.held.people) == (12, 12)
    assert found.effect().mean > 0.4
    assert found.variants["training"].n == 12
    close(scene)
    prove(scene.database, scene.now)
    assert prove(scene.database, scene.now) == 0
    assert tally(scene) == found


def test_all_answers_of_the_four_weeks_count_and_none_after_them(scene: Scene) -> None:
    sent, held = both_sides(scene)
    scene.now += WEEK
    answer(scene, sent, "1")
    scene.now += 2 * WEEK
    answer(scene, held, "5")
    close(scene, 3)
    prove(scene.database, scene.now)
    found = tally(scene)
    supportive, opposed = (value(Evidence(n_scales=1, favourable=share)) for share in (1.0, 0.0))
    moved = found.if_sent.mean - found.if_held.mean
    assert moved == pytest.approx((opposed - supportive) / 2)


def test_outcomes_wait_when_too_few_of_one_side_came(scene: Scene) -> None:
    sent, held = people(scene, 12), people(scene, 8, start=12)
    decide(scene, sent, held=False)
    decide(scene, held[:4], held=True)
    scene.now += 2 * WEEK
    answer(scene, sent, "5")
    answer(scene, held[:4], "1")
    close(scene, 2)
    prove(scene.database, scene.now)
    assert tally(scene) == Tally()
    decide(scene, held[4:], held=True)
    scene.now += WEEK
    answer(scene, held[4:], "1")
    close(scene, 2)
    prove(scene.database, scene.now)
    assert (tally(scene).sent.answered, tally(scene).held.answered) == (12, 8)


def test_who_does_not_answer_again_counts_on_their_side(scene: Scene) -> None:
    sent, held = both_sides(scene)
    scene.now = scene.campaign.launched_at + 3 * WEEK
    more = people(scene, 4, start=50)
    decide(scene, more, held=True)
    close(scene, 2)
    scene.now -= timedelta(hours=1)
    prove(scene.database, scene.now)
    found = tally(scene)
    assert (found.held.decided, found.held.answered) == (len(held) + 4, len(held))
    assert found.sent.decided == len(sent)


def test_page_shows_a_rule_once_enough_people_are_on_each_side(scene: Scene) -> None:
    both_sides(scene, n=25)
    close(scene, 2)
    [before] = overview(scene.database, scene.campaign.key, scene.now).effects
    assert isinstance(before.effect, Withheld)
    prove(scene.database, scene.now)
    [after] = overview(scene.database, scene.campaign.key, scene.now).effects
    assert (after.rule, after.titles) == ("learn", ("About training",))
    assert not isinstance(after.effect, Withheld)
    assert after.effect.verdict == "helps"


def test_sums_stay_when_a_person_deletes_what_they_answered(scene: Scene) -> None:
    sent, _ = both_sides(scene)
    close(scene, 2)
    prove(scene.database, scene.now)
    before = tally(scene)
    with scene.database.write() as c:
        assert erasing.forget(c, sent[0].id) is not None
    close(scene)
    prove(scene.database, scene.now)
    assert tally(scene) == before
    assert sent[0].id not in {one.person_id for one in rows(scene, decisions)}


def test_sums_go_on_when_the_campaign_is_edited(scene: Scene) -> None:
    both_sides(scene)
    close(scene, 2)
    prove(scene.database, scene.now)
    before = tally(scene)
    with scene.database.write() as c:
        scene.campaign = campaigns.put(c, content(after_hours=3, holdout=0.3), scene.now)
    close(scene)
    prove(scene.database, scene.now)
    assert tally(scene) == before


def test_better_variant_is_chosen_more_often_once_each_has_enough_outcomes(
    sqlite_database: Database, now: datetime
) -> None:
    adaptive = content(send=["training", "talk"], choose="adaptive", holdout=0)
    scene = Scene(sqlite_database, now, adaptive)
    helped, others = people(scene, 26), people(scene, 26, start=26)
    for group, says in ((helped, 0.0), (others, 0.99)):
        for person in group:
            write(scene, person, TRAINING)
        score(scene, FixedScorer(KNOWN), chance=Fixed(says))
    assert {one.p_send for one in rows(scene, decisions)} == {0.5}
    scene.now += 2 * WEEK
    answer(scene, helped, "5")
    answer(scene, others, "1")
    close(scene, 2)
    prove(scene.database, scene.now)
    write(scene, scene.person("new"), TRAINING)
    score(scene, FixedScorer(KNOWN), chance=Fixed(0.89))
    last = rows(scene, decisions)[-1]
    assert (last.send, last.p_send) == ("training", pytest.approx(0.9))
