"""Whether the whole organisation has moved: what the comparison of teams takes out, said once.

Pure. With n, s the organisation's counts and sums of answers as they are, in all, fast and slow:

    move = s_fast / n_fast - (s_all - s_slow) / (n_all - n_slow)

One team that turns in a small organisation moves its mean too. So the same is known without each
team i, which rose by r_i beside the others (by its own u of `fading`) and gave the share w_i of the
newest answers:

    move of the others = move - w_i r_i d

Given back are both over .12, of the second the lowest: 12 points more resistance than some months
ago are worth telling. A campaign that moves an organisation by 8 points raised nothing in 24
simulated organisations; a shock of 25 points did so one or two weeks later in each of six with 200
teams, two to four weeks later in each of six with 20.
Source: a moving average against its own past, Roberts, Technometrics 1 (1959).
"""

import numpy as np

from sentiment.fading import ANSWERS, Floats, Ints, Kept

WORTH_TELLING = 0.12
LEAST_ANSWERS = 30  # in each of the two means, weights counted


def movement(kept: Kept, team: Ints, n_teams: int) -> tuple[float, float] | None:
    """How far the organisation moved towards resistance, in units of the alarm, and how far at
    least without any one team; None of too few answers. `team` [P] as in `Week`.

    >>> import numpy as np
    >>> calm = np.array([[900.0, 180.0], [250.0, 50.0], [600.0, 120.0]])
    >>> shaken = np.array([[900.0, 220.0], [250.0, 90.0], [600.0, 160.0]])
    >>> for answers in (calm, shaken, calm / 50):
    ...     kept = Kept(np.zeros((4, 2, 3, 2)), answers=answers)
    ...     found = movement(kept, np.array([0, 0, 1, 1]), 2)
    ...     print(found if found is None else round(found[1], 1))
    0.0
    1.3
    None
    """
    (n_all, all_), (n_fast, fast), (n_slow, slow) = kept.answers.tolist()
    if n_fast < LEAST_ANSWERS or n_all - n_slow < LEAST_ANSWERS:
        return None
    move = float(fast / n_fast - (all_ - slow) / (n_all - n_slow))
    own = np.stack(
        [np.bincount(team, column, n_teams) for column in kept.people[:, ANSWERS].reshape(-1, 6).T]
    ).reshape(3, 2, n_teams)
    rose = _mean(own[1]) - _mean(own[0] - own[2])
    others = move - own[1, 0] / n_fast * rose * kept.spread
    return move / WORTH_TELLING, float(min(move, others.min())) / WORTH_TELLING


def _mean(counts_and_sums: Floats) -> Floats:
    counts, sums = counts_and_sums
    return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1e-9), 0.0))
