"""Which teams are asked once more in a pulse, so that what is not yet clear of them becomes so.

Pure. Whoever is asked more must not learn from it that their team is watched: as many other teams
are asked more beside the watched ones, as far as there are any, and they stay among them for as
long as it takes, as a watched one does.
"""

from collections.abc import Collection, Sequence

WATCHED = 0.3  # evidence, in units of the alarm, from which on a team is asked more


def urged(
    watched: Collection[int], before: Collection[int], drawn: Sequence[int]
) -> frozenset[int]:
    """The watched teams, and as many others: those of `before` first, then as they were drawn.

    >>> sorted(urged([1], [3], [2, 1, 4, 3]))
    [1, 3]
    """
    chosen = set(watched) & set(drawn)
    others = sorted((team for team in drawn if team not in chosen), key=lambda t: t not in before)
    return frozenset(chosen | set(others[: len(chosen)]))
