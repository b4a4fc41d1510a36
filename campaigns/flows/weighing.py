"""What is known of each claimed sending, put together and judged; nothing is decided or sent here.

Of one person's messages each is weighed beside the others: what they got of late, and what is to
come soon. Of answers only whether there is one is asked, to cancel a reminder.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.attention import LOOK_AHEAD, LOOK_BACK, SHORT, Contact, Touch, touch
from campaigns.domain.definition import Definition, QuietHours
from campaigns.domain.outbox import CAPPED, QUIET, UNDISTURBED, Facts, Kind, State, judge
from campaigns.flows import rotating
from campaigns.flows.settling import Claimed
from campaigns.storage import campaigns, directory, leases
from campaigns.storage.campaigns import RUNNING, STOPPED
from campaigns.storage.outbox import Delivery

NOBODY: Mapping[int, datetime] = {}


def judged(
    c: Connection,
    found: Sequence[Delivery],
    now: datetime,
    undisturbed_until: Mapping[int, datetime] = NOBODY,
) -> Iterator[Claimed]:
    """Each of them with its person and the verdict, in the order given.

    `undisturbed_until`: of people whose chat shall not disturb them. A sending waits for that once,
    and not at all if its person asked for it.
    """
    people = directory.people(c, {one.person_id for one in found})
    answered = leases.answered(c, [one.subject_id for one in found if one.subject_id])
    ids = [one.id for one in found]
    near = leases.near(c, list(people), now - LOOK_BACK, now + LOOK_AHEAD, ids)
    files = _Files(c, [*found, *near])
    weeks = {person_id: _Week() for person_id in people}
    for one in near:
        weeks[one.person_id].take(one, files, now)
    for one in found:
        weeks[one.person_id].expect(one, files, now)
    for one in found:
        person, week = people[one.person_id], weeks[one.person_id]
        week.ahead.pop(one.id, None)
        facts = Facts(
            kind=one.kind,
            person=person,
            stopped=files.states.get(one.campaign_id or 0) == STOPPED,
            answered=_is_reminder(one) and one.subject_id in answered,
            closes_at=one.closes_at,
            quiet=files.quiet(one),
            touch=files.touch(one),
            spent=week.spent,
            rivals=list(week.ahead.values()),
            undisturbed_until=undisturbed_until.get(one.person_id) if _may_wait(one) else None,
        )
        verdict = judge(facts, now)
        if one.kind in CAPPED and verdict.state is State.SENDING:
            week.spent.append(Contact(now, facts.touch))
        elif one.kind in CAPPED and verdict.until is not None:
            week.ahead[one.id] = Contact(verdict.until, facts.touch)
        yield Claimed(one, person, verdict, files.of(one))


@dataclass(slots=True)
class _Week:
    """What one person got of late, and what else is to come to them, by sending."""

    spent: list[Contact] = field(default_factory=list)
    ahead: dict[int, Contact] = field(default_factory=dict)

    def take(self, one: Delivery, files: "_Files", now: datetime) -> None:
        if one.sent_at is None and one.state is State.PENDING:
            self.expect(one, files, now)
        else:  # it went out, or is on its way
            self.spent.append(Contact(one.sent_at or now, files.touch(one)))

    def expect(self, one: Delivery, files: "_Files", now: datetime) -> None:
        if one.kind in CAPPED and files.may_come(one, now):
            self.ahead[one.id] = Contact(one.due_at, files.touch(one))


class _Files:
    """The campaign files that these sendings follow, and which of the campaigns run."""

    def __init__(self, c: Connection, about: Sequence[Delivery]) -> None:
        self._c = c
        versions = {one.version_id for one in about if one.version_id is not None}
        self._definitions = {version: campaigns.definition(c, version) for version in versions}
        ids = {one.campaign_id for one in about if one.campaign_id is not None}
        self.states: Mapping[int, str] = campaigns.states(c, sorted(ids))
        self._touches: dict[tuple[int | None, int | None, Kind, str, bool], Touch] = {}

    def of(self, one: Delivery) -> Definition | None:
        return self._definitions.get(one.version_id or 0)

    def quiet(self, one: Delivery) -> QuietHours:
        definition = self.of(one)
        return definition.campaign.quiet_hours if definition else QUIET

    def touch(self, one: Delivery) -> Touch:
        definition = self.of(one)
        if definition is None:
            return SHORT
        like = (one.version_id, one.run_id, one.kind, one.touchpoint, one.is_wished)
        if like not in self._touches:
            asked = rotating.as_asked(self._c, definition, one)
            self._touches[like] = touch(asked, one.kind, one.touchpoint, wished=one.is_wished)
        return self._touches[like]

    def may_come(self, one: Delivery, now: datetime) -> bool:
        """Whether nothing that is known already keeps it from going out."""
        runs = one.campaign_id is None or self.states.get(one.campaign_id) == RUNNING
        return runs and (one.closes_at is None or one.closes_at > now)


def _may_wait(delivery: Delivery) -> bool:
    """Whether it may wait for who wants not to be disturbed: not a second time, not where they
    asked for it, and no edit, which makes no sound."""
    waited, wished = delivery.reason == UNDISTURBED, delivery.is_wished
    return not (waited or wished or delivery.external_id is not None)


def _is_reminder(delivery: Delivery) -> bool:
    """A reminder of ours, not one that a person asked for ("not now").

    That one is wanted even if a first question was answered before.
    """
    return delivery.kind is Kind.REMINDER and not delivery.is_wished
