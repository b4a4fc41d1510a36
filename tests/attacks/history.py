"""Organisations as chance would have them, and what happens to them from one period to the next."""

from collections.abc import Iterator
from random import Random

from campaigns.domain.cells import People
from campaigns.domain.people import Team, TeamTree

SIZES = (0, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20)


class Organisation:
    """A tree of teams, who sits where, and who answers; `happens` changes all of it."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.parents: dict[int, int | None] = {1: None}
        for team in range(2, chance.randint(6, 14)):
            self.parents[team] = chance.choice([1, 1, *self.parents])
        self._n_people = 0
        self.members = {team: self._new(chance.choice(SIZES)) for team in self.parents}

    @property
    def tree(self) -> TeamTree:
        return TeamTree.of(Team(team, f"T{team}", parent) for team, parent in self.parents.items())

    def answered(self, share: float) -> dict[int, People]:
        """Team → who answers in this period; half of the people always do."""
        return {
            team: frozenset(
                person for person in people if person % 2 or self.chance.random() < share
            )
            for team, people in self.members.items()
        }

    def happens(self) -> None:
        """People come, go and move, and one team is merged, split, renamed or moved."""
        for team in list(self.members):
            for person in sorted(self.members[team]):
                fate = self.chance.random()
                if fate < 0.06:
                    self.members[team].discard(person)
                if fate < 0.03:
                    self.members[self.chance.choice(list(self.members))].add(person)
        self.members[self.chance.choice(list(self.members))] |= self._new(1)
        self.chance.choice([self._merge, self._split, self._rename, self._move])()

    def _new(self, n: int) -> set[int]:
        first, self._n_people = self._n_people, self._n_people + n
        return set(range(first, first + n))

    def _any_team(self) -> int:
        return self.chance.choice([team for team in self.parents if team != 1])

    def _merge(self) -> None:
        gone, into = self._any_team(), self._any_team()
        if gone != into:
            self.members[into] |= self.members[gone]
            self.members[gone] = set()

    def _split(self) -> None:
        team = self._any_team()
        half = set(sorted(self.members[team])[::2])
        self.members[team] -= half
        self._add_team(half, beside=team)

    def _rename(self) -> None:
        """Another name in the staff file is another team to us."""
        team = self._any_team()
        people, self.members[team] = self.members[team], set()
        self._add_team(people, beside=team)

    def _move(self) -> None:
        team = self._any_team()
        below = set(self.tree.descendants(team))
        self.parents[team] = self.chance.choice([one for one in self.parents if one not in below])

    def _add_team(self, people: set[int], beside: int) -> None:
        team = max(self.parents) + 1
        self.parents[team] = self.parents[beside]
        self.members[team] = people


def periods(seed: int, n: int) -> Iterator[tuple[TeamTree, dict[int, People]]]:
    """The tree and who answered in each of `n` periods of an organisation."""
    organisation = Organisation(Random(seed))
    share = organisation.chance.choice([0.3, 0.6, 0.9])
    for _ in range(n):
        yield organisation.tree, organisation.answered(share)
        organisation.happens()
