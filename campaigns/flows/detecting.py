"""From the respondents of a closed period to what the detector says of each team.

A team's numbers are carried only from periods in which enough people answered, so that what is
stored is never one person's. An alarm counts as solid only when it would have gone off without any
one of the people behind it, in all the periods that it rests on.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.alerts import UPPER, count_calm
from campaigns.domain.confidentiality import Respondent
from campaigns.domain.definition import Question
from campaigns.domain.periods import Span, span
from campaigns.storage import aggregates
from campaigns.storage.campaigns import Launched
from sentiment.resistance import Confusion, pooled_variance, stances, value
from sentiment.trend import Judgement, Point

LEAST_OTHERS = 10  # a team is compared with at least so many others
POINTS = 7  # periods carried


class Detector(Protocol):
    """Says from a team's closed periods, oldest first, whether and how it stands out."""

    @property
    def confusion(self) -> Confusion:
        """How well the scorer knows resistance: what each answer's value is corrected for."""
        ...

    def judge(self, points: Sequence[Point]) -> Judgement | None: ...


@dataclass(frozen=True, slots=True)
class Watched:
    """What is carried from close to close: points, and the calm closes in a row (`count_calm`)."""

    points: tuple[Point, ...] = ()
    calm: int = 0

    def dump(self) -> str:
        rows = [[p.period, p.n, p.mean, p.n_rest, p.rest, p.variance] for p in self.points]
        return json.dumps({"points": rows, "calm": self.calm})

    @classmethod
    def load(cls, text: str) -> "Watched":
        stored = json.loads(text)
        return cls(tuple(Point(*row) for row in stored["points"]), stored["calm"])


@dataclass(frozen=True, slots=True)
class Look:
    """One team at one close; `evidence` is None where too few answered to tell."""

    watched: Watched
    judgement: Judgement | None = None
    evidence: float | None = None


def respondents(
    c: Connection, campaign_id: int, questions: Sequence[Question], during: Span, detector: Detector
) -> dict[int, Respondent]:
    """Person → what the own answers of the period come to, corrected for what the scorer misses."""
    found = aggregates.respondents(c, campaign_id, questions, during)
    return {
        person: Respondent(
            one.team_id, stances(one.evidence, detector.confusion), one.barriers, one.themes
        )
        for person, one in found.items()
    }


def look(
    carried: Mapping[int, Watched],
    answered: Iterable[Respondent],
    period: int,
    minimum: int,
    detector: Detector,
) -> dict[int, Look]:
    """Every team that is or was watched, with this period's point where enough people answered."""
    points = _points(answered, period, minimum)
    looks = {}
    for team in carried.keys() | points.keys():
        before = carried.get(team, Watched())
        if team not in points:
            looks[team] = Look(before)
            continue
        newest = (*before.points, points[team])[-POINTS:]
        judgement = detector.judge(newest)
        evidence = judgement.evidence if judgement else 0.0
        after = Watched(newest, count_calm(before.calm, evidence))
        looks[team] = Look(after, judgement, evidence)
    return looks


def _points(answered: Iterable[Respondent], period: int, minimum: int) -> dict[int, Point]:
    teams: dict[int, list[float]] = {}
    for respondent in answered:
        teams.setdefault(respondent.team_id, []).append(respondent.stances[0])
    variance = pooled_variance(list(teams.values()))
    n_all, sum_all = sum(map(len, teams.values())), sum(map(sum, teams.values()))
    points = {}
    for team, values in teams.items():
        n, others = len(values), n_all - len(values)
        if n >= minimum and others >= LEAST_OTHERS:
            rest = (sum_all - sum(values)) / others
            points[team] = Point(period, n, sum(values) / n, others, rest, variance)
    return points


def measured_again(
    c: Connection,
    launched: Launched,
    weeks: int,
    carried: Mapping[int, Watched],
    detector: Detector,
) -> dict[int, Watched]:
    """The same periods of the same teams, from the scores as they are now.

    Else a team's next point would be compared with points by another measure, and an alarm could
    not be tried without any one person. Where not all of the people are left, the point stays.
    """
    new: dict[tuple[int, int], Point] = {}
    for period in sorted({point.period for one in carried.values() for point in one.points}):
        during = span(launched.launched_at, weeks, period)
        promise, questions = aggregates.rules(c, launched.id, during.end)
        answered = respondents(c, launched.id, questions, during, detector)
        points = _points(answered.values(), period, promise.minimum_group)
        new.update({(team, period): point for team, point in points.items()})
    return {
        team: replace(one, points=tuple(_renewed(p, new.get((team, p.period))) for p in one.points))
        for team, one in carried.items()
    }


def _renewed(old: Point, new: Point | None) -> Point:
    return new if new and (new.n, new.n_rest) == (old.n, old.n_rest) else old


def without_any_one(
    c: Connection,
    launched: Launched,
    weeks: int,
    questions: Sequence[Question],
    alarms: Mapping[int, Sequence[Point]],
    detector: Detector,
) -> frozenset[int]:
    """The teams whose alarm goes off as well when all answers of any one person are left out."""
    values: dict[int, dict[int, Mapping[int, float]]] = {team: {} for team in alarms}
    for period in sorted({point.period for points in alarms.values() for point in points}):
        during = span(launched.launched_at, weeks, period)
        found = aggregates.respondents(c, launched.id, questions, during, alarms.keys())
        for team in alarms:
            values[team][period] = {
                person: value(one.evidence, detector.confusion)
                for person, one in found.items()
                if one.team_id == team
            }
    return frozenset(
        team for team, points in alarms.items() if _holds(points, values[team], detector)
    )


def _holds(
    points: Sequence[Point], values: Mapping[int, Mapping[int, float]], detector: Detector
) -> bool:
    for person in set().union(*values.values()):
        left = [_without(point, values[point.period].get(person)) for point in points]
        judgement = detector.judge(left)
        if judgement is None or judgement.evidence < UPPER:
            return False
    return True


def _without(point: Point, own: float | None) -> Point:
    if own is None:
        return point
    left = point.n - 1
    return replace(point, n=left, mean=(point.mean * point.n - own) / left)
