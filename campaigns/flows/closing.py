"""All that the close of one week comes to, made while nothing is locked and written by `watching`.

What one person answered leaves this file only inside a released figure, or among the numbers that
the detector carries under a pseudonym.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from random import SystemRandom

from sqlalchemy import Connection

from campaigns.domain.alerts import MINIMUM_MEMBERS, UPPER
from campaigns.domain.cells import Node, People, recall
from campaigns.domain.confidentiality import WITHHELD, Cell, Closing, Released, Respondent, release
from campaigns.domain.definition import PERIODS_KEPT, Question
from campaigns.domain.people import TeamTree
from campaigns.domain.periods import Span, span
from campaigns.domain.ranking import rank
from campaigns.domain.urging import WATCHED, urged
from campaigns.flows.detecting import Detector, Look, Watched, everybody, look
from campaigns.flows.feeding import NOBODY, Crowd, feed, load
from campaigns.storage import (
    aggregates,
    asked,
    counted,
    detector_states,
    directory,
    picks,
    pseudonyms,
    releases,
)
from campaigns.storage.campaigns import Launched
from campaigns.storage.detector_states import Stamp
from sentiment.resistance import stances

_CHANCE = SystemRandom()  # nobody can draw the same again
MEMORY = 6  # past periods that a figure is compared with before it is shown


@dataclass(frozen=True, slots=True)
class Close:
    """All that is to be written for one week, made while nothing is locked."""

    launched: Launched
    week: int
    period: int  # the one that the week is in
    publishes: bool  # the week is its last
    tree: TeamTree
    cells: Mapping[Node, Cell]  # as published by this close, or by the last one that did
    carried: Stamp  # what the crowd went on from
    crowd: Crowd
    looks: Mapping[int, Look]
    solid: frozenset[int]  # teams whose alarm may be told
    counted: Mapping[int, People]  # whose answers it rests on, by team
    during: Span  # when those were given: in the period, or where none ends, in the week


def prepare(
    c: Connection,
    launched: Launched,
    period: int,
    weeks: int,
    name: pseudonyms.Namer,
    detector: Detector,
    readers: People,
) -> Close:
    """What the next week of that period comes to; `readers` see figures besides agents."""
    carried = detector_states.of_campaign(c, launched.id)
    crowd = load(carried)
    week = max(carried.weeks, period * weeks)
    crowd = fed(c, launched, crowd, week + 1, name, detector)
    publishes = week + 1 == (period + 1) * weeks
    during = span(launched.launched_at, *((weeks, period) if publishes else (1, week)))
    own = _own(c, launched, during)
    tree = directory.tree(c)
    cells = _last(c, launched)
    if publishes:
        cells = _cells(c, launched, period, weeks, tree, detector, readers)
    before = {team: Watched.load(state) for team, state in carried.teams.items()}
    looks = look(before, crowd, week, detector)
    large = large_teams(c)
    if publishes:
        looks = _ranked(looks, cells, large)
    looks = _urged(looks, cells, large)
    looks |= _whole(tree, before, crowd, week)
    told, stamp = solid(looks, cells, large), carried.stamp
    return Close(
        launched, week, period, publishes, tree, cells, stamp, crowd, looks, told, own, during
    )


def large_teams(c: Connection) -> set[int]:
    """The teams that are large enough for an alert, by who sits in them now."""
    return {team for team, n in asked.members(c).items() if n >= MINIMUM_MEMBERS}


def solid(
    looks: Mapping[int, Look], cells: Mapping[Node, Cell], large: Collection[int]
) -> frozenset[int]:
    """The teams that stand out without any one person as well, and whose figure is shown."""
    return frozenset(
        team
        for team, seen in looks.items()
        if seen.judgement is not None
        and seen.judgement.without >= UPPER
        and (team in large or seen.judgement.kind == "everybody")
        and isinstance(cell_of(seen, team, cells), Released)
    )


def cell_of(seen: Look, team: int, cells: Mapping[Node, Cell]) -> Cell:
    """The figure that the look rests on: of everybody, it is their own where several roots are."""
    of_all = seen.judgement is not None and seen.judgement.kind == "everybody" and None in cells
    return cells.get(None if of_all else team, WITHHELD)


def somebody_went(c: Connection, close: Close) -> bool:
    """Whether anybody has deleted answers since: what is written then is made without them."""
    there = People().union(*_own(c, close.launched, close.during).values())
    return any(not people <= there for people in close.counted.values())


def _own(c: Connection, launched: Launched, during: Span) -> dict[int, People]:
    """Whose answers count in that time, by team."""
    _, questions = aggregates.rules(c, launched.id, during.end)
    return aggregates.teams_of_respondents(c, launched.id, questions, during)


def fed(
    c: Connection,
    launched: Launched,
    crowd: Crowd,
    until: int,
    name: pseudonyms.Namer,
    detector: Detector,
) -> Crowd:
    """The crowd once the weeks before `until` are closed, from the answers that are still kept."""
    for week in range(crowd.kept.weeks, until):
        during = span(launched.launched_at, 1, week)
        _, questions = aggregates.rules(c, launched.id, during.end)
        crowd = feed(c, launched.id, questions, during, crowd, name, detector.confusion)
    return crowd


def rebuilt(
    c: Connection, launched: Launched, until: int, name: pseudonyms.Namer, detector: Detector
) -> Crowd:
    """The same from nothing."""
    return fed(c, launched, before_all(c, launched), until, name, detector)


def before_all(c: Connection, launched: Launched) -> Crowd:
    """Nobody yet, before the first week whose answers still have their people: in those before it
    everybody would look silent."""
    promise, _ = aggregates.rules(c, launched.id, launched.launched_at)
    n_loose = max(0, releases.count(c, launched.id) - PERIODS_KEPT)
    return replace(NOBODY, kept=replace(NOBODY.kept, weeks=n_loose * promise.period_weeks))


def _cells(
    c: Connection,
    launched: Launched,
    period: int,
    weeks: int,
    tree: TeamTree,
    detector: Detector,
    readers: People,
) -> dict[Node, Cell]:
    during = span(launched.launched_at, weeks, period)
    promise, questions = aggregates.rules(c, launched.id, during.end)
    answered = respondents(c, launched, questions, during, detector)
    invited = asked.invited(c, launched.id, during)
    past = _shown_before(c, launched, period, weeks)
    return release(Closing(tree, answered, invited, past, readers), promise)


def respondents(
    c: Connection,
    launched: Launched,
    questions: Sequence[Question],
    during: Span,
    detector: Detector,
) -> dict[int, Respondent]:
    """Person → what the own answers of the period come to, corrected for what the scorer misses."""
    found = aggregates.respondents(c, launched.id, questions, during)
    chosen = picks.of_period(c, launched.id, launched.definition.campaign.questions, during)
    return {
        person: Respondent(
            one.team_id,
            stances(one.evidence, detector.confusion),
            one.barriers,
            one.themes,
            chosen.get(person, frozenset()),
        )
        for person, one in found.items()
    }


def _last(c: Connection, launched: Launched) -> Mapping[Node, Cell]:
    published = releases.since(c, launched.id, releases.count(c, launched.id) - 1)
    return published[-1].cells if published else {}


def _whole(
    tree: TeamTree, before: Mapping[int, Watched], crowd: Crowd, week: int
) -> dict[int, Look]:
    """The look at everybody stands at the root; where several are, at the first."""
    roots = sorted(tree.children(None))[:1]
    return {root: everybody(before.get(root, Watched()), crowd, week) for root in roots}


def _ranked(
    looks: Mapping[int, Look], cells: Mapping[Node, Cell], large: Collection[int]
) -> dict[int, Look]:
    """The same with every team's sign and place, which stay until the next period is published."""
    shown = {node for node, cell in cells.items() if isinstance(cell, Released)}
    solid = {team: one.judgement.without for team, one in looks.items() if one.judgement}
    places = rank(solid, [team for team in solid if team in shown and team in large])
    return {
        team: replace(one, watched=replace(one.watched, sign=sign, place=place))
        for team, one in looks.items()
        for sign, place in [places.get(team, ("", 0))]
    }


def _urged(
    looks: Mapping[int, Look], cells: Mapping[Node, Cell], large: Collection[int]
) -> dict[int, Look]:
    """The same with who is asked once more until the next close: teams that are shown alone, so
    that it tells nothing of one that is not."""
    watched = [team for team, one in looks.items() if (one.evidence or 0.0) >= WATCHED]
    before = [team for team, one in looks.items() if one.watched.urged]
    known = [team for team in looks if team in large and isinstance(cells.get(team), Released)]
    chosen = urged(watched, before, _CHANCE.sample(known, len(known)))
    return {
        team: replace(one, watched=replace(one.watched, urged=team in chosen))
        for team, one in looks.items()
    }


def _shown_before(
    c: Connection, launched: Launched, period: int, weeks: int
) -> list[dict[Node, People]]:
    """Whom each shown group counted, in each of the last periods."""
    groups = []
    for publication in releases.since(c, launched.id, period - MEMORY):
        during = span(launched.launched_at, weeks, publication.period)
        promise, _ = aggregates.rules(c, launched.id, during.end)
        # Answers may have gone since; where nothing was written down, a version closed it that
        # took none away.
        own = counted.of_period(c, launched.id, publication.period) or _own(c, launched, during)
        shown = {node for node, cell in publication.cells.items() if isinstance(cell, Released)}
        groups.append(recall(publication.tree(), own, promise.shown_from, shown))
    return groups
