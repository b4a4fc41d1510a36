"""Whether the whole organisation has moved: what the comparison of teams takes out, said once.

Pure. With n, s the organisation's counts and sums of answers as they are, in all, fast and slow:

    move = s_fast / n_fast - (s_all - s_slow) / (n_all - n_slow)

Given back is move / .12: 12 points more resistance than some months ago are worth telling. A
campaign that moves an organisation by 8 points raised nothing in 24 simulated organisations of 20
or 200 teams; a shock of 25 points did within two or three weeks in each of 12.
Source: a moving average against its own past, Roberts, Technometrics 1 (1959).
"""

from sentiment.fading import Kept

WORTH_TELLING = 0.12
LEAST_ANSWERS = 30  # in each of the two means, weights counted


def movement(kept: Kept) -> float | None:
    """How far the organisation moved towards resistance, in units of the alarm; None of too few.

    >>> import numpy as np
    >>> calm = np.array([[900.0, 180.0], [250.0, 50.0], [600.0, 120.0]])
    >>> shaken = np.array([[900.0, 220.0], [250.0, 90.0], [600.0, 160.0]])
    >>> for answers in (calm, shaken, calm / 50):
    ...     found = movement(Kept(np.zeros((0, 2, 3, 2)), answers=answers))
    ...     print(found if found is None else round(found, 1))
    0.0
    1.3
    None
    """
    (n_all, all_), (n_fast, fast), (n_slow, slow) = kept.answers.tolist()
    if n_fast < LEAST_ANSWERS or n_all - n_slow < LEAST_ANSWERS:
        return None
    return float(fast / n_fast - (all_ - slow) / (n_all - n_slow)) / WORTH_TELLING
