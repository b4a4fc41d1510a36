"""Who belongs to an audience: lists narrow it down, exceptions take people out."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.audience import select, unknown_teams
from campaigns.domain.definition import Audience
from campaigns.domain.people import Person, Team, TeamTree
from tests.people import clerk

TREE = TeamTree.of(
    [Team(1, "Agency"), Team(2, "Building", 1), Team(3, "Inspectors", 2), Team(4, "Counter", 1)]
)
ROLES = ("director", "inspector", "clerk")
LANGUAGES = ("en", "de", "de-AT", "pl")


def person(number: int, team_id: int = 3, **changes: Any) -> Person:
    return clerk(f"P{number}", team_id, **{"id": number, "role": "inspector", **changes})


def chosen(people: list[Person], **audience: Any) -> list[int]:
    wanted = Audience.model_validate(audience)
    return [one.id for one in select(people, TREE, wanted)]


STAFF = [
    person(1, team_id=1, role="director"),
    person(2, team_id=2, role="clerk", language="de"),
    person(3, team_id=3, language="de-AT"),
    person(4, team_id=4, role="clerk", location="South", language="pl"),
    person(5, team_id=3, active=False),
]


def test_select_takes_everybody_active_when_nothing_is_asked() -> None:
    assert chosen(STAFF) == [1, 2, 3, 4]


def test_select_takes_a_team_with_all_teams_below() -> None:
    assert chosen(STAFF, teams=["Building"]) == [2, 3]
    assert chosen(STAFF, teams=["agency"]) == [1, 2, 3, 4]
    assert chosen(STAFF, teams=["Inspectors", "Counter"]) == [3, 4]


def test_select_wants_every_list_to_fit() -> None:
    assert chosen(STAFF, teams=["Agency"], roles=["Clerk"], locations=["south"]) == [4]
    assert chosen(STAFF, roles=["clerk"], languages=["fr"]) == []


def test_select_reads_a_language_with_its_regions() -> None:
    assert chosen(STAFF, languages=["de"]) == [2, 3]
    assert chosen(STAFF, languages=["de-AT"]) == [3]


def test_select_leaves_out_whoever_is_in_one_list_of_the_exceptions() -> None:
    assert chosen(STAFF, **{"except": {"roles": ["director"], "people": ["P4"]}}) == [2, 3]
    assert chosen(STAFF, teams=["Building"], **{"except": {"teams": ["Inspectors"]}}) == [2]


def test_select_takes_nobody_from_a_team_that_does_not_exist() -> None:
    assert chosen(STAFF, teams=["Nowhere"]) == []
    audience = Audience(teams=("Nowhere", "COUNTER"))
    assert unknown_teams(TREE, audience) == ["Nowhere"]


people_strategy = st.lists(
    st.builds(
        person,
        st.integers(1, 50),
        st.integers(1, 4),
        role=st.sampled_from(ROLES),
        language=st.sampled_from(LANGUAGES),
        active=st.booleans(),
    ),
    max_size=20,
)
selections = st.fixed_dictionaries(
    {
        "teams": st.lists(st.sampled_from([team.name for team in TREE.teams.values()])),
        "roles": st.lists(st.sampled_from(ROLES)),
        "languages": st.lists(st.sampled_from(LANGUAGES)),
    }
)


@given(people_strategy, selections, selections)
def test_exceptions_only_ever_take_people_out(
    people: list[Person], wanted: dict[str, Any], unwanted: dict[str, Any]
) -> None:
    everybody, fewer = chosen(people, **wanted), chosen(people, **wanted, **{"except": unwanted})
    assert set(fewer) <= set(everybody) <= {one.id for one in people if one.active}
    excluded = select(people, TREE, Audience.model_validate({"except": unwanted}))
    kept = {id(one) for one in excluded}
    assert all(
        id(one) in kept
        for one in select(people, TREE, Audience.model_validate({**wanted, "except": unwanted}))
    )
