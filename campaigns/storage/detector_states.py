"""What the watching flow carries from close to close; numbers, and nobody's name.

People stand here under pseudonyms (`storage.pseudonyms`). What is kept of a person is read to be
carried on and for nothing else, and is gone once the campaign is over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select

from campaigns.storage.tables import detector_people, detector_states, detector_weeks


@dataclass(frozen=True, slots=True)
class Carried:
    """After so many closed weeks: the organisation's state, a team's state by team, and a person's
    (team, numbers) by pseudonym, all as they were put."""

    weeks: int = 0
    organisation: str = ""
    teams: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def stamp(self) -> "Stamp":
        return Stamp(self.weeks, self.organisation, len(self.people))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether the same is carried: weeks, the organisation's state, how many people."""

    weeks: int = 0
    organisation: str = ""
    n_people: int = 0


def of_campaign(c: Connection, campaign_id: int) -> Carried:
    """What was put last; nothing where nothing was."""
    week = c.execute(
        select(detector_weeks).where(detector_weeks.c.campaign_id == campaign_id)
    ).first()
    if week is None:
        return Carried()
    rows = c.execute(
        select(detector_people)
        .where(detector_people.c.campaign_id == campaign_id)
        .order_by(detector_people.c.pseudonym)
    )
    people = {row.pseudonym: (row.team_id, row.numbers) for row in rows}
    return Carried(week.weeks, week.state, of_teams(c, campaign_id), people)


def stamp(c: Connection, campaign_id: int) -> Stamp:
    """Of what was put last; another one means that somebody else put something, or went."""
    found = select(detector_weeks.c.weeks, detector_weeks.c.state)
    row = c.execute(found.where(detector_weeks.c.campaign_id == campaign_id)).first()
    if row is None:
        return Stamp()
    people = select(func.count()).where(detector_people.c.campaign_id == campaign_id)
    return Stamp(row.weeks, row.state, c.scalar(people) or 0)


def of_teams(
    c: Connection, campaign_id: int, among: Collection[int] | None = None
) -> dict[int, str]:
    """Team → its state as it was put; of all teams, or of those."""
    found = select(detector_states.c.team_id, detector_states.c.state)
    found = found.where(detector_states.c.campaign_id == campaign_id)
    if among is not None:
        found = found.where(detector_states.c.team_id.in_(sorted(among)))
    return {row.team_id: row.state for row in c.execute(found)}


def replace(c: Connection, campaign_id: int, carried: Carried) -> None:
    """Exactly this is carried now."""
    forget(c, campaign_id)
    week = {"weeks": carried.weeks, "state": carried.organisation}
    c.execute(insert(detector_weeks), [{"campaign_id": campaign_id, **week}])
    teams = [
        {"campaign_id": campaign_id, "team_id": team, "state": state}
        for team, state in carried.teams.items()
    ]
    if teams:
        c.execute(insert(detector_states), teams)
    people = [
        {"campaign_id": campaign_id, "pseudonym": name, "team_id": team, "numbers": numbers}
        for name, (team, numbers) in carried.people.items()
    ]
    if people:
        c.execute(insert(detector_people), people)


def forget(c: Connection, campaign_id: int) -> None:
    """Nothing is carried of the campaign, of nobody."""
    for table in (detector_people, detector_states, detector_weeks):
        c.execute(delete(table).where(table.c.campaign_id == campaign_id))


def of_names(c: Connection, names: Sequence[tuple[int, str]]) -> dict[int, bytes]:
    """Campaign → the numbers kept under these (campaign, pseudonym), where there are any."""
    found = {}
    for campaign_id, name in names:
        numbers = c.scalar(
            select(detector_people.c.numbers).where(
                detector_people.c.campaign_id == campaign_id, detector_people.c.pseudonym == name
            )
        )
        if numbers is not None:
            found[campaign_id] = numbers
    return found


def forget_people(c: Connection, names: Sequence[tuple[int, str]]) -> None:
    """Nothing is carried of whom these (campaign, pseudonym) stand for."""
    for campaign_id, name in names:
        c.execute(
            delete(detector_people).where(
                detector_people.c.campaign_id == campaign_id, detector_people.c.pseudonym == name
            )
        )
