"""How many people got or did something, as coarse as a page may say it: the gate for counts.

Few are none, and more are counted in steps, so that no count moves by one when one person presses
a button. Who counts does so as of the last close of a period, never as of now.
"""

ENOUGH = 10  # what follows from answers says something about its people: fewer are not counted
STEP = 5


def release_count(n_people: int, minimum_group: int = ENOUGH) -> int | None:
    """So many people or up to four more; None where they are too few, or nobody.

    >>> [release_count(n) for n in (0, 9, 10, 14, 15)]
    [None, None, 10, 10, 15]
    >>> [release_count(n, minimum_group=12) for n in (11, 12)]
    [None, 10]
    """
    enough = n_people >= max(ENOUGH, minimum_group)
    return n_people - n_people % STEP if enough else None
