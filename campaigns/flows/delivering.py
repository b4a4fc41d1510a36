"""From the outbox to a chat: claim by lease, judge again, send with no transaction open, settle.

Exactly once, as far as the outside allows (D7): a sending whose lease ran out is looked for on the
platform before it is sent again. No rule about when and to whom stands here: see domain.outbox.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from sqlalchemy import Connection

from campaigns.domain.audit import PROGRAM, Deed
from campaigns.domain.lanes import Act
from campaigns.domain.outbox import Kind, State
from campaigns.flows import settling
from campaigns.flows.attempting import Attempt as Attempt
from campaigns.flows.attempting import Compose as Compose
from campaigns.flows.attempting import Messenger as Messenger
from campaigns.flows.detecting import urged
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.flows.settling import Claimed
from campaigns.flows.turns import Turns
from campaigns.flows.weighing import judged
from campaigns.storage import audit, campaigns, leases, outbox
from campaigns.storage.database import Database
from campaigns.storage.leases import Settlement
from campaigns.storage.outbox import NewDelivery

LEASE = timedelta(seconds=60)
BATCH = 50  # rows a claim: what a crash leaves in doubt, and what one transaction settles
CLOSED_SECONDS = 60.0  # how long a platform that takes nothing from us is left alone


def deliver_due(
    database: Database,
    messenger: Messenger,
    compose: Compose,
    now: datetime,
    limit: int = 200,
    ticks: Callable[[], float] = time.monotonic,
    undisturbed: Undisturbed | None = None,
) -> int:
    """What is due has gone out, been moved or been dropped; gives how many went out.

    It ends after `limit` sendings, or when the platform asks for a pause; 0 means that nothing
    more can go out now. An unforeseen error leaves its row to a later attempt, settles what went
    out before, and is raised. `ticks` are seconds that tell how much of a lease is used up. With
    `undisturbed`, the platform is asked who wants not to be disturbed just now.
    """
    began, n_sent = ticks(), 0

    def passed() -> timedelta:
        return timedelta(seconds=ticks() - began)

    with ThreadPoolExecutor(messenger.hands) as pool:
        while n_sent < limit:
            if undisturbed is not None:
                undisturbed.look_ahead(database, messenger, now + passed())
            shift = _Shift(database, messenger, compose, now, passed, undisturbed or Undisturbed())
            batch = shift.take(min(BATCH, limit - n_sent))
            if batch is None:
                break
            n_sent += shift.work(batch, pool)
            if shift.is_over:
                break
    return n_sent


class _Shift:
    """One batch from claim to settlement; `is_over` once the platform has asked for a pause.

    `passed` is the time since `now`.
    """

    def __init__(
        self,
        database: Database,
        messenger: Messenger,
        compose: Compose,
        now: datetime,
        passed: Callable[[], timedelta],
        undisturbed: Undisturbed,
    ) -> None:
        self._database, self._messenger, self._compose = database, messenger, compose
        self._now, self._passed, self._undisturbed = now, passed, undisturbed
        self._turns = Turns(messenger)
        begun = passed()
        self._lease_until = now + begun + LEASE
        # Half a lease is left for the send that has just begun and for the settlement.
        self._tired_after = begun + LEASE / 2
        self._closed_because = ""
        self.is_over = False

    def take(self, limit: int) -> list[Claimed] | None:
        """What was claimed and shall go out; None where nothing was due.

        What shall not go out, or not now, is settled in the same transaction, so that two claims
        never weigh the same week of a person.
        """
        moment = self._moment()
        with self._database.write() as c:
            free = self._turns.free(c, moment)
            found = leases.claim(c, self._now, self._lease_until, limit, free)
            if not found:
                return None
            kept: list[Claimed] = []
            turned: list[Settlement] = []
            undisturbed_until = self._undisturbed.of(one.person_id for one in found)
            for one in list(judged(c, found, self._now, undisturbed_until)):
                settlement = self._turned(c, one, moment)
                if settlement is None:
                    kept.append(one)
                else:
                    turned.append(settlement)
            leases.settle(c, turned, self._lease_until)
            return kept

    def _turned(self, c: Connection, one: Claimed, moment: datetime) -> Settlement | None:
        """What becomes of it without an attempt; None where it is tried now."""
        if one.is_worn_out:
            return settling.failed(one, "broke off at every attempt")
        if not one.in_doubt and one.verdict.state is not State.SENDING:
            return settling.turned_away(one, one.verdict)
        return self._turns.take(c, one, moment)

    def work(self, batch: Sequence[Claimed], pool: ThreadPoolExecutor) -> int:
        """Each of the batch is settled; gives how many went out."""
        waiting = list(reversed(batch))
        done: list[tuple[Claimed, Settlement]] = []

        def serve() -> None:
            """One pair of hands; several take from the same list, each sending once."""
            while not self.is_over and self._passed() < self._tired_after:
                try:
                    one = waiting.pop()
                except IndexError:
                    return
                done.append((one, self._attempt(one)))

        try:
            _by_hands(serve, min(self._messenger.hands, len(batch)), pool)
        finally:
            done += [(one, settling.untouched(one, self._now)) for one in waiting]
            self._settle(done)
        return sum(settlement.state is State.SENT for _, settlement in done)

    def _attempt(self, one: Claimed) -> Settlement:
        if self._turns.is_closed(one):
            return settling.untouched(one, self._now)
        attempt = Attempt(self._database, self._messenger, self._compose, self, one, self._now)
        return attempt.make()

    def slot(self, one: Claimed) -> Settlement | None:
        """None where it may be sent now; else how it is put back."""
        with self._database.write() as c:
            return self._turns.take_to_send(c, one, self._moment())

    def busy(self, one: Claimed, act: Act, seconds: float) -> Settlement:
        """The platform wants a pause, of this batch or, where it has lanes, of everybody."""
        until = self._moment() + timedelta(seconds=seconds)
        with self._database.write() as c:
            put_back = self._turns.hold(c, one, act, until)
        if put_back is not None:
            return put_back
        self.is_over = True
        return settling.later(one, seconds, self._now)

    def closed(self, one: Claimed, act: Act, reason: str) -> Settlement:
        """The platform takes nothing any more: every campaign is paused, and this one waits."""
        self._closed_because = reason
        put_back = self.busy(one, act, CLOSED_SECONDS)
        return put_back if put_back.waits else settling.untouched(one, self._now)

    def _settle(self, done: Sequence[tuple[Claimed, Settlement]]) -> None:
        with self._database.write() as c:
            leases.settle(c, [settlement for _, settlement in done], self._lease_until)
            sent = [(one, made) for one, made in done if made.state is State.SENT]
            self._messenger.keep(c, [(one.person, made.external_id or "") for one, made in sent])
            went = [one for one, _ in sent]
            outbox.put(c, list(self._reminders(c, went)))
            if self._closed_because:
                self._pause_all(c, self._closed_because)

    def _reminders(self, c: Connection, went: Sequence[Claimed]) -> Iterator[NewDelivery]:
        """Of pulses that went out for the first time, and were not edited."""
        teams: dict[int, set[int]] = defaultdict(set)
        pulses = [one for one in went if one.delivery.kind is Kind.PULSE]
        new = [one for one in pulses if one.delivery.sent_at is None]
        for one in new:
            teams[one.delivery.campaign_id or 0].add(one.person.team_id)
        more = {campaign: urged(c, campaign, among) for campaign, among in teams.items()}
        for one in new:
            theirs = one.person.team_id in more[one.delivery.campaign_id or 0]
            yield from settling.reminders(one, self._now, once_more=theirs)

    def _pause_all(self, c: Connection, reason: str) -> None:
        if campaigns.pause_all(c, reason, self._now):
            audit.put(c, PROGRAM, Deed.PAUSED, self._now, detail="all campaigns")

    def _moment(self) -> datetime:
        return self._now + self._passed()


def _by_hands(serve: Callable[[], None], hands: int, pool: ThreadPoolExecutor) -> None:
    """Several serve side by side, one alone on this thread; raises once all of them are done."""
    if hands <= 1:
        serve()
        return
    serving = [pool.submit(serve) for _ in range(hands)]
    wait(serving)
    for each in serving:
        each.result()
