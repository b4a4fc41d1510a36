"""One closed week, from the rows of the database to the detector's numbers and back.

What is carried of a person is aligned here under their pseudonym, in its order, so that the same
answers give the same figures whichever came first. Who left is dropped, who changed the team begins
anew in the other one, and what they said before in the week of the move counts in neither.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from campaigns.domain.definition import Question
from campaigns.domain.periods import Span
from campaigns.storage import aggregates, asked
from campaigns.storage.detector_states import Carried
from campaigns.storage.pseudonyms import Namer
from sentiment.fading import Floats, Ints, Kept, Week, after
from sentiment.resistance import Confusion, value


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is kept, and whom each row of it is of: pseudonyms in order, and the team of each."""

    kept: Kept
    names: tuple[str, ...] = ()
    team_ids: tuple[int, ...] = ()

    def teams(self) -> tuple[list[int], Ints]:
        """All teams in order, and the position among them of each person's."""
        teams = sorted(set(self.team_ids))
        place = {team: position for position, team in enumerate(teams)}
        return teams, np.array([place[team] for team in self.team_ids], np.int64)


NOBODY = Crowd(Kept.nothing(0))


def load(carried: Carried) -> Crowd:
    """What `dump` made rows of."""
    if not carried.weeks:
        return NOBODY
    state = json.loads(carried.organisation)
    rows = [unpacked(numbers) for _, numbers in carried.people.values()]
    people = np.stack(rows).reshape(-1, 2, 3, 2) if rows else np.zeros((0, 2, 3, 2))
    kept = Kept(
        people,
        np.array(state["counted"]),
        np.array(state["answers"]),
        state["middle"],
        state["spread"],
        carried.weeks,
    )
    return Crowd(kept, tuple(carried.people), tuple(team for team, _ in carried.people.values()))


def unpacked(numbers: bytes) -> Floats:
    """What is kept of one person, as `dump` packed it."""
    return np.frombuffer(numbers, "<f8")


def dump(crowd: Crowd) -> Carried:
    """The rows that it is stored as, teams aside."""
    kept = crowd.kept
    state = {
        "counted": kept.counted.tolist(),
        "answers": kept.answers.tolist(),
        "middle": kept.middle,
        "spread": kept.spread,
    }
    numbers = [row.astype("<f8").tobytes() for row in kept.people]
    people = dict(zip(crowd.names, zip(crowd.team_ids, numbers, strict=True), strict=True))
    return Carried(kept.weeks, json.dumps(state), people=people)


def feed(
    c: Connection,
    campaign_id: int,
    questions: Sequence[Question],
    during: Span,
    crowd: Crowd,
    name: Namer,
    confusion: Confusion,
) -> Crowd:
    """What is kept once this week is closed."""
    reached = asked.reached(c, campaign_id, during)
    answered = aggregates.respondents(c, campaign_id, questions, during)
    known = set(crowd.names)
    here = {}
    for person, team in asked.seats(c).items():
        own = name(person)
        if own in known or person in reached or person in answered:
            here[own] = (person, team)
    names = tuple(sorted(here))
    team_ids = tuple(here[own][1] for own in names)
    x = np.full(len(names), np.nan)
    for position, own in enumerate(names):
        person, team = here[own]
        if person in answered and answered[person].team_id == team:
            x[position] = value(answered[person].evidence, confusion)
    kept = replace(crowd.kept, people=_aligned(crowd, names, team_ids))
    seated = Crowd(kept, names, team_ids)
    teams, places = seated.teams()
    counts = reached - (asked.absent(c, during) - answered.keys())
    was_asked = np.array([here[own][0] in counts for own in names], bool)
    more = asked.urged(c, campaign_id, during)
    urged = np.array([team in more for team in teams], bool)
    return replace(seated, kept=after(kept, Week(places, len(teams), was_asked, x, urged)))


def _aligned(crowd: Crowd, names: Sequence[str], team_ids: Sequence[int]) -> Floats:
    """The rows of these people; nothing of who is new in the team."""
    rows = dict(zip(zip(crowd.names, crowd.team_ids, strict=True), crowd.kept.people, strict=True))
    people = np.zeros((len(names), 2, 3, 2))
    for position, who in enumerate(zip(names, team_ids, strict=True)):
        if who in rows:
            people[position] = rows[who]
    return people
