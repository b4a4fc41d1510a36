"""After each close: what became of the decisions of every rule is added to its sums.

A decision counts four weeks after its message was due, whoever got it: by then the person has
answered again or has not. Nothing is added before enough people of both sides come at once, so that
no two looks at a figure differ by what a few answered; what was added is never added again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean

from sqlalchemy import Connection

from campaigns.domain.experiments import HORIZON, Tally, Unit
from campaigns.domain.thompson import NO_RECORD, Record
from campaigns.flows.counting import open_since
from campaigns.storage import aggregates, campaigns, courses, effects, releases
from campaigns.storage.campaigns import Launched
from campaigns.storage.courses import Step
from campaigns.storage.database import Database
from campaigns.storage.effects import Counted, Decided
from sentiment.course import usual
from sentiment.resistance import value

# A whole team counts after one pulse at once: so long after it began, all its people were decided
# for but those who answered very late, and these are left out whatever was drawn.
TEAM_TIME = timedelta(days=21)
_CHUNK = 500  # people whose answers are read at a time


@dataclass(frozen=True, slots=True)
class _Seen:
    """One decision with what it changed: None where the person did not answer again."""

    decided: Decided
    change: float | None


def prove(database: Database, now: datetime) -> int:
    """The sums of every rule are those of its last close; how many rules were looked at anew."""
    with database.read() as c:
        due = [one.id for one in campaigns.all_launched(c) if _is_due(c, one)]
    return sum(_prove(database, campaign_id, now) for campaign_id in due)


def _is_due(c: Connection, launched: Launched) -> bool:
    return bool(releases.count(c, launched.id)) and bool(_stale(c, launched))


def _stale(c: Connection, launched: Launched) -> dict[str, Counted]:
    """The rules that were not looked at since the last close, with their sums."""
    closed_at = open_since(c, launched)
    known = effects.of_campaign(c, launched.id)
    nothing = Counted(launched.launched_at, launched.launched_at, Tally())
    rules = {rule.key for rule in launched.definition.campaign.rules} | known.keys()
    found = {rule: known.get(rule, nothing) for rule in rules}
    return {rule: one for rule, one in found.items() if one.looked_at < closed_at}


def _prove(database: Database, campaign_id: int, now: datetime) -> int:
    with database.write() as c:
        campaigns.hold(c, [campaign_id])
        launched = campaigns.by_id(c, campaign_id)
        stale, closed_at = _stale(c, launched), open_since(c, launched)
        promise, _ = aggregates.rules(c, campaign_id, now)
        by_rule: dict[str, list[Decided]] = defaultdict(list)
        for one in effects.decided(c, campaign_id, closed_at - HORIZON):
            by_rule[one.rule].append(one)
        rows = [one for rule in stale for one in by_rule[rule]]
        seen = _seen(c, campaign_id, rows, closed_at)
        counted = {
            rule: _counted(before, seen[rule], closed_at, promise.minimum_group)
            for rule, before in stale.items()
        }
        effects.put(c, campaign_id, counted)
        return len(counted)


def _seen(
    c: Connection, campaign_id: int, rows: Sequence[Decided], until: datetime
) -> Mapping[str, list[_Seen]]:
    people = sorted({one.person_id for one in rows})
    steps: dict[int, list[Step]] = {}
    for start in range(0, len(people), _CHUNK):
        some = people[start : start + _CHUNK]
        steps |= courses.of_people(c, campaign_id, some, until)
    seen: dict[str, list[_Seen]] = defaultdict(list)
    for one in rows:
        seen[one.rule].append(_Seen(one, _change(one, steps[one.person_id])))
    return seen


def _change(one: Decided, steps: Sequence[Step]) -> float | None:
    """What is usual for the person before the message was due, less the mean answer after it."""
    earlier = [value(step.evidence) for step in steps if step.answered_at <= one.due_at]
    later = (step for step in steps if step.sent_at > one.due_at)
    in_time = [step for step in later if step.answered_at <= one.due_at + HORIZON]
    return usual(earlier) - fmean(value(step.evidence) for step in in_time) if in_time else None


def _counted(before: Counted, seen: Iterable[_Seen], closed_at: datetime, minimum: int) -> Counted:
    """The sums with what came since, or as they were where that is of too few people."""
    looked = replace(before, looked_at=closed_at)
    until = closed_at - HORIZON
    ripe = [one for one in seen if _moment(one.decided) < until]
    new = [one for one in ripe if _moment(one.decided) >= before.until]
    sides = [_answering(new, held=held) for held in (False, True)]
    random = any(one.decided.p_held > 0 for one in new)
    if any(len(side) < minimum for side in (sides if random else sides[:1])):
        return looked
    return Counted(until, closed_at, _added(before.tally, new, ripe))


def _moment(one: Decided) -> datetime:
    """When it counts, a fixed time after this: the same for all who shared a draw."""
    return one.due_at if one.starts_at is None else one.starts_at + TEAM_TIME


def _answering(seen: Iterable[_Seen], *, held: bool) -> set[int]:
    found = (one for one in seen if one.decided.held is held and one.change is not None)
    return {one.decided.person_id for one in found}


def _added(tally: Tally, new: Collection[_Seen], ripe: Collection[_Seen]) -> Tally:
    new = [one for one in new if one.decided.due_at <= _moment(one.decided)]
    for unit in _units(new):
        tally = tally.plus(unit)
    arms = {}
    for name, held in (("sent", False), ("held", True)):
        # Only what chance could have drawn otherwise tells one side from the other.
        mine = [one for one in new if one.decided.held is held and one.decided.p_held > 0]
        answered = sum(one.change is not None for one in mine)
        people = len(_answering((one for one in ripe if one.decided.p_held > 0), held=held))
        arms[name] = getattr(tally, name).plus(len(mine), answered, people)
    return replace(tally, **arms, variants=_variants(tally.variants, new))


def _units(seen: Iterable[_Seen]) -> list[Unit]:
    """Everybody alone, and those of a team together who shared a draw."""
    draws: dict[object, list[_Seen]] = defaultdict(list)
    for place, one in enumerate(seen):
        if one.decided.p_held > 0:
            shared = (one.decided.run_id, one.decided.team_id)
            draws[place if one.decided.run_id is None else shared].append(one)
    return [
        Unit(
            [one.change for one in together if one.change is not None],
            together[0].decided.held,
            together[0].decided.p_held,
        )
        for together in draws.values()
    ]


def _variants(known: Mapping[str, Record], seen: Iterable[_Seen]) -> dict[str, Record]:
    records = dict(known)
    for one in seen:
        if one.change is not None and not one.decided.held:
            sent = one.decided.send
            records[sent] = records.get(sent, NO_RECORD).plus(one.change)
    return records
