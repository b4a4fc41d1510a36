"""People who are alike in what decides when a campaign reaches them, counted together.

Nobody can be found in it: of a person only what a made-up life needs stays.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate

from campaigns.domain.audience import Test
from campaigns.domain.people import Person

_Likeness = tuple[object, ...]
_Trait = tuple[int, str, str]  # what may differ: team, role, language


@dataclass(slots=True)
class Group:
    """People alike: one of them, the places of the campaigns that write to them, and how many have
    which team, role and language."""

    like: Person
    campaigns: tuple[int, ...]
    traits: Counter[_Trait] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        """How many they are."""
        return self.traits.total()

    def each(self) -> Iterator[tuple[Person, int]]:
        """Each who differs in team, role or language, and how many are like that."""
        for (team_id, role, language), n in self.traits.items():
            yield replace(self.like, team_id=team_id, role=role, language=language), n

    def lives(self, number: int) -> Iterator[Person]:
        """So many of them, evenly from all teams, roles and languages."""
        each, upto = list(self.each()), list(accumulate(self.traits.values()))
        for one in range(number):
            yield each[bisect_right(upto, (2 * one + 1) * upto[-1] // (2 * number))][0]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody whom a campaign writes to, in groups; of each campaign, how many in which team."""

    groups: Sequence[Group]
    n_by_team: Sequence[Counter[int]]

    @property
    def n(self) -> int:
        """How many they are."""
        return sum(group.n for group in self.groups)

    def share(self, campaign: int, test: Test) -> float:
        """The share of that campaign's people who pass the test."""
        n_passed = n_all = 0
        for group in self.groups:
            if campaign in group.campaigns:
                n_all += group.n
                n_passed += sum(n for one, n in group.each() if test(one))
        return n_passed / max(1, n_all)


def crowd(
    people: Iterator[Person], audiences: Sequence[Test], now: datetime, until: datetime
) -> Crowd:
    """The people who belong to any of the audiences."""
    found: dict[_Likeness, Group] = {}
    n_by_team = [Counter[int]() for _ in audiences]
    for person in people:
        mine = tuple(place for place, test in enumerate(audiences) if test(person))
        if not mine:
            continue
        for place in mine:
            n_by_team[place][person.team_id] += 1
        like = (*_likeness(person, now, until), mine)
        if like not in found:
            found[like] = Group(_anyone(person), mine)
        found[like].traits[person.team_id, person.role, person.language] += 1
    return Crowd(list(found.values()), n_by_team)


def _likeness(person: Person, now: datetime, until: datetime) -> _Likeness:
    """What of a person decides which messages reach them when."""
    away = person.away_from, person.away_until
    gone = away[1] is not None and away[1] < now.date()
    later = away[0] is not None and away[0] > until.date()
    paused = person.paused_until is not None and person.paused_until > now
    return (
        person.rhythm,
        (None, None) if gone or later else away,
        person.paused_until if paused else None,
        person.per_week,
        person.slack_id is not None,
    )


def _anyone(person: Person) -> Person:
    """Somebody like this person, whom nobody can be found by."""
    slack_id = None if person.slack_id is None else ""
    nobody = replace(person, id=0, external_id="", name="", email="", chat_id="", location="")
    return replace(nobody, slack_id=slack_id, slack_channel=None)
