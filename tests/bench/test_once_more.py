"""The closed loop asks as the product does: shown teams, and half of them for no reason."""

import numpy as np

from bench.once_more import OnceMore
from bench.orgsim import simulate
from sentiment.watch import Judgement


def test_loop_asks_as_many_others_and_nobody_before_a_team_is_shown() -> None:
    org = simulate("null", 12100, n_teams=40, size_lo=5)
    watched = {0, 1, 2, 3}
    judged = [Judgement("high", 0.9 if team in watched else 0.0, 0.0) for team in range(40)]
    loop, x = OnceMore(org), org.x[:, 0]
    loop.close(0, x, judged)
    assert not loop.teams.any()
    for week in range(1, 4):
        loop.close(week, org.x[:, week], judged)
    chosen = set(np.nonzero(loop.teams)[0].tolist())
    seen = chosen & watched
    assert seen
    assert len(chosen) == 2 * len(seen)
    assert (org.team_size[list(chosen)] >= 6).all()
