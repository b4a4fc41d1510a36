"""Whoever may look at figures does not protect the group that they answered in (attacks 10, 20)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.domain.confidentiality import Cell, Released
from campaigns.flows.watching import close_periods
from campaigns.storage import directory
from sentiment.watch import TeamDetector
from tests.agency import Mood, published
from tests.attacks.attacker import World, Worlds, saying
from tests.scene import VAULT

FOR: Mood = (5, 0.05)
BOSS = "boss@norden.example"


@pytest.fixture
def world(worlds: Worlds) -> World:
    """The third team has five people, who all answer."""
    world = worlds(45, 24, 5)
    world.agency.pulse(world.starts_at(0) + timedelta(days=1), saying(FOR))
    return world


def cell_of_five(world: World) -> Cell:
    agency = world.agency
    close_periods(agency.database, VAULT, TeamDetector(), agency.close_at(0), comms_team=[BOSS])
    return published(agency)[0].cells[agency.teams[2]]


def test_a_team_of_five_is_shown_when_none_of_them_can_look(world: World) -> None:
    assert isinstance(cell_of_five(world), Released)


def test_a_team_of_five_is_hidden_when_one_of_them_is_a_change_agent(world: World) -> None:
    agency = world.agency
    with agency.database.write() as c:
        directory.replace_agents(c, [(agency.teams[2], agency.staff[agency.teams[2]][0])])
    assert not isinstance(cell_of_five(world), Released)


def test_a_team_of_five_is_hidden_when_one_of_them_is_of_the_comms_team(world: World) -> None:
    agency = world.agency
    with agency.database.write() as c:
        someone = directory.person(c, agency.staff[agency.teams[2]][3])
        directory.put(c, replace(someone, email=BOSS.upper()))
    assert not isinstance(cell_of_five(world), Released)
