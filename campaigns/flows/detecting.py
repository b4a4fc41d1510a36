"""From what is kept after a closed week to what is known of each team, and its place in the order.

An alarm counts as solid only when it goes off as well without any one of the people behind it.
What is carried of a team are three small things: since when it stands out, for how long it has been
calm, and its word in the order of the last published period.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.alerts import LOWER, count_calm
from campaigns.domain.ranking import Sign
from campaigns.flows.feeding import Crowd
from campaigns.storage import detector_states
from sentiment.fading import Ints, Kept
from sentiment.movement import movement
from sentiment.resistance import Confusion
from sentiment.watch import Judgement


class Detector(Protocol):
    """Says after each closed week whether and how teams stand out."""

    @property
    def confusion(self) -> Confusion:
        """How well the scorer knows resistance: what each answer's value is corrected for."""
        ...

    def judge(self, kept: Kept, team: Ints, n_teams: int) -> list[Judgement | None]: ...


@dataclass(frozen=True, slots=True)
class Watched:
    """What is carried of a team: the week since which it stands out, calm closes in a row
    (`count_calm`), its sign and place in the published order, and whether its people are asked once
    more until the next close."""

    since: int | None = None
    calm: int = 0
    sign: str = ""
    place: int = 0
    urged: bool = False

    def dump(self) -> str:
        return json.dumps([self.since, self.calm, self.sign, self.place, self.urged])

    @classmethod
    def load(cls, text: str) -> "Watched":
        return cls(*json.loads(text))


@dataclass(frozen=True, slots=True)
class Look:
    """One team at one close; no judgement where too few answered to tell."""

    watched: Watched
    judgement: Judgement | None = None

    @property
    def evidence(self) -> float | None:
        return self.judgement.evidence if self.judgement else None


def look(
    carried: Mapping[int, Watched], crowd: Crowd, week: int, detector: Detector
) -> dict[int, Look]:
    """Every team that is or was watched, after the close of that week."""
    teams, places = crowd.teams()
    judged = dict(zip(teams, detector.judge(crowd.kept, places, len(teams)), strict=True))
    return {
        team: _looked(carried.get(team, Watched()), judged.get(team), week)
        for team in sorted(carried.keys() | judged.keys())
    }


def order(c: Connection, campaign_id: int) -> dict[int, Sign]:
    """Team → its sign at the last published close, in the order of evidence; only those shown."""
    watched = _watched(detector_states.of_teams(c, campaign_id))
    placed = [team for team, one in watched.items() if one.sign]
    return {
        team: Sign(watched[team].sign)
        for team in sorted(placed, key=lambda team: watched[team].place)
    }


def urged(c: Connection, campaign_id: int, among: Collection[int]) -> set[int]:
    """Those of the teams whose people are asked once more until the next close."""
    states = detector_states.of_teams(c, campaign_id, among)
    return {team for team, one in _watched(states).items() if one.urged}


def _watched(states: Mapping[int, str]) -> dict[int, Watched]:
    return {team: Watched.load(state) for team, state in states.items()}


def everybody(before: Watched, crowd: Crowd, week: int) -> Look:
    """The whole organisation at that close: what moves all teams flags none, and is told once."""
    teams, places = crowd.teams()
    moved = movement(crowd.kept, places, len(teams))
    judgement = None if moved is None else Judgement("everybody", *moved)
    return _looked(before, judgement, week)


def _looked(before: Watched, judgement: Judgement | None, week: int) -> Look:
    if judgement is None:
        return Look(before)
    stands_out = judgement.evidence >= LOWER
    since = (week if before.since is None else before.since) if stands_out else None
    calm = count_calm(before.calm, judgement.evidence)
    return Look(replace(before, since=since, calm=calm), judgement)
