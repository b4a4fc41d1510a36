"""Whom a pulse asks that asks a part of each team a time: all are heard, nobody is worn out.

Within a team the order comes from a hash of campaign, pulse and person, so that it follows nothing
that is known of anybody, and is the same whoever asks for it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256


def asked(
    seed: str, turn: int, one_in: int, at_least: int, teams: Mapping[int, Sequence[int]]
) -> set[int]:
    """The people, of those of each team, whom the turn of that number asks.

    In as many turns as there are parts everybody is asked once. A team is split into fewer parts
    than `one_in` where these would be smaller than `at_least`: such a team is heard as a group or
    not at all.

    >>> week = [asked("portal:weekly", turn, 3, 5, {1: range(15)}) for turn in range(3)]
    >>> [len(one) for one in week], len(set().union(*week))
    ([5, 5, 5], 15)
    >>> len(asked("portal:weekly", 0, 3, 5, {1: range(14)}))
    7
    """
    return set().union(*(_part(seed, turn, one_in, at_least, team) for team in teams.values()))


def parts(one_in: int, at_least: int, n_people: int) -> int:
    """Into how many parts a team of so many people is split."""
    return max(1, min(one_in, n_people // at_least))


def n_asked(one_in: int, at_least: int, sizes: Iterable[int]) -> int:
    """How many a turn asks at the most, of teams of these sizes.

    >>> n_asked(3, 5, [15, 14])
    12
    """
    return sum(-(-n // parts(one_in, at_least, n)) for n in sizes)


def _part(seed: str, turn: int, one_in: int, at_least: int, people: Iterable[int]) -> list[int]:
    order = sorted(people, key=lambda person: sha256(f"{seed}:{person}".encode()).digest())
    n_parts = parts(one_in, at_least, len(order))
    return order[turn % n_parts :: n_parts]
