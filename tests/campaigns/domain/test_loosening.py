"""Nobody's answers end up in a team with fewer than the minimum, whatever the tree."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.loosening import homes
from campaigns.domain.people import Team, TeamTree

MINIMUM = 5
SIZES = st.lists(st.integers(0, 8), min_size=1, max_size=12)


@given(sizes=SIZES, parents=st.data())
def test_every_home_holds_enough_people_or_nobody_has_one(
    sizes: list[int], parents: st.DataObject
) -> None:
    teams = [
        Team(n, str(n), None if n == 0 else parents.draw(st.integers(0, n - 1)))
        for n in range(len(sizes))
    ]
    tree = TeamTree.of(teams)
    own = {n: frozenset(range(100 * n, 100 * n + size)) for n, size in enumerate(sizes) if size}
    found = homes(tree, own, MINIMUM)
    people: dict[int, int] = {}
    for team, home in found.items():
        assert home in tree.ancestors(team)
        people[home] = people.get(home, 0) + len(own[team])
    assert all(n >= MINIMUM for n in people.values())
    assert set(found) == (set(own) if sum(sizes) >= MINIMUM else set())
