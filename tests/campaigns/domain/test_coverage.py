"""Teams without anybody come first; load is what waits for a role, and no word on who fills it."""

from typing import Any

from campaigns.domain.coverage import (
    MOST_PEOPLE,
    MOST_TEAMS,
    Cover,
    Load,
    Staffing,
    TeamCover,
    coverage,
)
from campaigns.domain.people import Team, TeamTree

TREE = TeamTree.of([Team(1, "Agency"), Team(2, "Permits", 1), Team(3, "Desk", 2), Team(4, "IT", 1)])
NAMES = {10: "Ada", 11: "bo", 12: "Cy"}


def staffing(**changes: Any) -> Staffing:
    """Nobody in the agency itself, and people in the three teams below."""
    usual: dict[str, Any] = {
        "tree": TREE,
        "n_people": {2: 8, 3: 5, 4: 6},
        "names": NAMES,
        "agents": {},
        "champions": {},
    }
    return Staffing(**usual | changes)


def test_teams_stand_from_nobody_to_an_agent_of_their_own() -> None:
    found = coverage(staffing(agents={2: [11, 10]}, champions={4: [12]}))
    assert found.teams == (
        TeamCover("IT", 6, Cover.CHAMPIONS, (), ("Cy",)),
        TeamCover("Desk", 5, Cover.FROM_ABOVE, ("Ada", "bo"), (), "Permits"),
        TeamCover("Permits", 8, Cover.OWN, ("Ada", "bo"), ()),
    )
    assert [one.team for one in coverage(staffing()).with_cover(Cover.NOBODY)] == [
        "Desk",
        "IT",
        "Permits",
    ]


def test_load_counts_teams_people_and_what_waits_for_an_agent() -> None:
    alerts = [(2, None), (3, 10), (4, None), (4, 99)]
    found = coverage(staffing(agents={2: [10, 11]}, alerts=alerts, questions={3: 2, 4: 7}))
    assert found.agents == (Load("Ada", 2, 13, 2, 2), Load("bo", 2, 13, 1, 2))
    assert not found.agents[0].is_much


def test_load_says_nothing_of_questions_where_few_could_have_asked() -> None:
    [load] = coverage(staffing(agents={4: [12]}, questions={4: 1})).agents
    assert (load.n_people, load.n_questions) == (6, None)


def test_load_is_much_when_nobody_could_know_so_many() -> None:
    crowd = coverage(staffing(agents={4: [12]}, n_people={4: MOST_PEOPLE + 1}))
    assert crowd.agents[0].is_much
    assert Load("Ada", MOST_TEAMS + 1, 20, 0, 0).is_much
    assert not Load("Ada", MOST_TEAMS, MOST_PEOPLE, 0, 0).is_much


def test_an_agent_without_people_has_nothing_to_do() -> None:
    [load] = coverage(staffing(agents={1: [10]}, n_people={})).agents
    assert load == Load("Ada", 0, 0, 0, None)
