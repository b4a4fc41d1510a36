"""Who of a simulated organisation is asked once more until the next week: the product's own rules.

Watched teams and as many others, of those that are large enough for an alert and were shown in the
last published period. All teams stand below one root, and a period has four weeks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from campaigns.domain.alerts import MINIMUM_MEMBERS
from campaigns.domain.cells import Node, People, choose
from campaigns.domain.definition import Confidentiality
from campaigns.domain.people import Team, TeamTree
from campaigns.domain.urging import WATCHED, urged
from campaigns.flows.closing import MEMORY
from sentiment.fading import Bools, Floats
from sentiment.watch import Judgement

_PROMISE = Confidentiality()


class OnceMore:
    """What is known of an organisation from week to week; `teams` [n_teams] are asked more now."""

    def __init__(self, org: Any) -> None:
        self._team = np.asarray(org.person_team, np.int64)
        self._n_teams = len(org.team_size)
        below = (Team(team, f"T{team}", -1) for team in range(self._n_teams))
        self._tree = TeamTree.of([Team(-1, "All"), *below])
        members = np.bincount(self._team, minlength=self._n_teams)
        self._large = set(np.nonzero(members >= MINIMUM_MEMBERS)[0].tolist())
        self._answered = np.zeros(len(self._team), bool)
        self._published: list[dict[Node, People]] = []
        self._chosen: frozenset[int] = frozenset()
        self._chance = np.random.default_rng(0)

    @property
    def teams(self) -> Bools:
        return np.isin(np.arange(self._n_teams), list(self._chosen))

    def close(self, t: int, x: Floats, judged: Sequence[Judgement | None]) -> None:
        """Week `t` is over: `x` [P] is what people answered, nan for nothing."""
        self._answered |= ~np.isnan(x)
        if (t + 1) % _PROMISE.period_weeks == 0:
            self._publish()
        watched = [team for team, one in enumerate(judged) if one and one.evidence >= WATCHED]
        shown = self._published[-1] if self._published else {}
        known = [team for team in sorted(self._large) if team in shown]
        self._chosen = urged(watched, self._chosen, self._chance.permutation(known).tolist())

    def _publish(self) -> None:
        people = np.nonzero(self._answered)[0]
        own: dict[int, set[int]] = {}
        for person, team in zip(people.tolist(), self._team[people].tolist(), strict=True):
            own.setdefault(team, set()).add(person)
        groups = {team: frozenset(members) for team, members in own.items()}
        past = self._published[-MEMORY:]
        self._published.append(choose(self._tree, groups, _PROMISE.minimum_group, past))
        self._answered[:] = False
