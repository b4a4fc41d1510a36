"""Nothing moves but at the close of a period, and nothing that is out is ever said differently.

Attacks 5, 6, 16, 18 and 19: late and changed answers, publishing again, windows and filters made
up in the address, counters before the close, follow-ups as counters, and guessed ids.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from campaigns.domain.outbox import Kind
from campaigns.flows.watching import close_periods
from campaigns.storage import directory, outbox
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.tables import deliveries
from sentiment.watch import TeamDetector
from tests.agency import Mood
from tests.attacks.attacker import KEY, World, Worlds, saying
from tests.scene import VAULT

FOR: Mood = (5, 0.05)
AGAINST: Mood = (1, 0.95)


@pytest.fixture
def world(worlds: Worlds) -> World:
    return worlds(30, 20, 12).lives(saying(FOR))


def test_nothing_moves_with_an_answer_before_the_close(worlds: Worlds) -> None:
    silent, heard = (worlds(30, 20, 12).lives(saying(FOR)) for _ in range(2))
    for world, mood in ((silent, None), (heard, AGAINST)):
        for day in (1, 9, 17):
            asked = world.starts_at(1) + timedelta(days=day)
            world.agency.pulse(asked, saying(mood) if mood else lambda _team, _person: None)
            world.stage.now.moment = asked + timedelta(hours=2)
            world.look()
    assert silent.seen == heard.seen


def test_a_follow_up_is_counted_at_the_close_and_not_when_it_goes_out(world: World) -> None:
    before = world.look()
    follow_ups(world, 17)
    assert world.look() == before
    world.close(1)
    assert ">15</td>" in world.page("")


def test_a_follow_up_of_a_few_looks_like_one_of_nobody(worlds: Worlds) -> None:
    nobody, few = (worlds(30, 20, 12) for _ in range(2))
    follow_ups(few, 9)
    assert nobody.lives(saying(FOR)).seen == few.lives(saying(FOR)).seen


def follow_ups(world: World, n: int) -> None:
    """So many people just got a training offer, which tells what was read in their words."""
    agency, at = world.agency, world.stage.now()
    campaign = agency.campaign
    staff = [person for team in agency.teams for person in agency.staff[team]][:n]
    new = [
        NewDelivery(
            f"training:{person}", Kind.FOLLOW_UP, person, at, campaign.id, campaign.version_id,
            touchpoint="training",
        )
        for person in staff
    ]  # fmt: skip
    with agency.database.write() as c:
        outbox.put(c, new)
        theirs = deliveries.c.kind == Kind.FOLLOW_UP
        c.execute(update(deliveries).where(theirs).values(state="sent", sent_at=at))


def test_what_is_out_stays_whatever_is_answered_late(worlds: Worlds) -> None:
    silent, late = (worlds(30, 20, 12).lives(saying(FOR)) for _ in range(2))
    for world, mood in ((silent, None), (late, AGAINST)):
        asked = world.starts_at(0) + timedelta(days=3)
        world.agency.pulse(asked, saying(mood) if mood else lambda _team, _person: None)
        for _ in range(2):
            close_periods(world.agency.database, VAULT, TeamDetector(), world.stage.now())
        world.look()
    assert silent.seen == late.seen


@pytest.mark.parametrize(
    "query",
    [
        "?from=2027-01-12&to=2027-01-13",
        "?team=T02",
        "?team=3&tenure=1&site=North",
        "?period=0&weeks=1",
        "?minimum_group=1&minimum=1",
        "?sort=against&order=desc&view=1",
    ],
)
def test_no_address_asks_for_another_cut_of_the_people(world: World, query: str) -> None:
    for path in ("", "/figures.csv", "/questions"):
        assert world.page(path + query) == world.page(path)


@pytest.mark.parametrize("path", ["{}", KEY + "/{}", KEY + "/teams/{}", "{}/figures.csv"])
def test_guessed_ids_all_get_the_same_answer(world: World, path: str) -> None:
    answers = [world.client.get(f"/dashboard/{path.format(number)}") for number in range(1, 20)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_a_person_who_moves_after_the_close_moves_nothing_that_is_out(world: World) -> None:
    agency = world.agency
    before = world.look()
    with agency.database.write() as c:
        someone = directory.person(c, agency.staff[agency.teams[2]][0])
        directory.put(c, replace(someone, team_id=agency.teams[0]))
    assert world.look() == before
