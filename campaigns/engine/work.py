"""The seven jobs, bound to what they need, and the actors that run them (D2, D3).

A message in the queue says only "look again": it carries no argument, so a queue that loses
everything loses nothing. One of the four edges: a job that breaks is logged by its kind and place,
never with what it held in its hands, and the next tick looks again.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from traceback import walk_tb

import dramatiq
from dramatiq import Actor, Broker

from campaigns.flows.asking import escalate_questions, pass_on
from campaigns.flows.delivering import Compose, Messenger, deliver_due
from campaigns.flows.escalating import escalate_alerts
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.flows.noticing import notice_silence
from campaigns.flows.planning import plan
from campaigns.flows.proving import prove
from campaigns.flows.retention import erase_aged
from campaigns.flows.scoring import Scorer, score_pending
from campaigns.flows.telling_back import spread
from campaigns.flows.unlinking import unlink
from campaigns.flows.watching import Detector, close_periods
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """What there is to do; each job gives how much it did, 0 when nothing was due."""

    database: Database
    messenger: Messenger
    compose: Compose
    scorer: Callable[[], Scorer]
    vault: Vault
    detector: Detector
    now: Callable[[], datetime]
    comms_team: Collection[str] = ()
    undisturbed: Undisturbed = field(default_factory=Undisturbed, repr=False)

    def plan(self) -> int:
        """Runs that begin within a day, and what a group is told back, are fanned out to people."""
        return spread(self.database, self.now()) + plan(self.database, self.now())

    def pass_on(self) -> int:
        """Questions whose hour has come are with their change agents."""
        return pass_on(self.database, self.now())

    def deliver(self) -> int:
        """Messages that are due have gone out."""
        return deliver_due(
            self.database, self.messenger, self.compose, self.now(), undisturbed=self.undisturbed
        )

    def score(self) -> int:
        """Some of the texts that wait are read, and what follows from them is decided."""
        return score_pending(self.database, self.vault, self.scorer(), self.now())

    def notice(self) -> int:
        """Pulses that have closed are looked through for people who fell silent."""
        return notice_silence(self.database, self.now())

    def watch(self) -> int:
        """Periods that are over are published, alerts raised or resolved, follow-ups weighed; what
        lies goes on."""
        now = self.now()
        n_closed = close_periods(self.database, self.vault, self.detector, now, self.comms_team)
        n_proven = prove(self.database, now)
        n_gone_on = escalate_alerts(self.database, now) + escalate_questions(self.database, now)
        return n_closed + n_proven + n_gone_on

    def erase(self) -> int:
        """Answers that are older than was promised are gone, or nobody's any more."""
        return erase_aged(self.database, self.now()) + unlink(self.database, self.now())

    @property
    def jobs(self) -> dict[str, Callable[[], int]]:
        """All of them by name, in the order of one person's way through them."""
        return {
            "plan": self.plan,
            "pass_on": self.pass_on,
            "deliver": self.deliver,
            "score": self.score,
            "notice": self.notice,
            "watch": self.watch,
            "erase": self.erase,
        }


def actors(broker: Broker, work: Work, max_age_seconds: float) -> dict[str, Actor[[], None]]:
    """One actor a job; a nudge that waited longer than `max_age_seconds` is dropped."""
    return {name: _actor(broker, name, job, max_age_seconds) for name, job in work.jobs.items()}


def _actor(
    broker: Broker, name: str, job: Callable[[], int], max_age_seconds: float
) -> Actor[[], None]:
    at_work = Lock()
    max_age = max(1, int(1000 * max_age_seconds))

    @dramatiq.actor(broker=broker, actor_name=name, queue_name=name, max_age=max_age)
    def run() -> None:
        # A nudge that comes while the job runs is not needed: the job goes on until nothing is due.
        if at_work.acquire(blocking=False):
            try:
                _exhaust(name, job)
            finally:
                at_work.release()

    return run


def _exhaust(name: str, job: Callable[[], int]) -> None:
    try:
        while job():
            pass
    except Exception as error:
        # Never the message or the traceback: a database error quotes the values it was given.
        _log.error("The job %s broke off: %s at %s", name, type(error).__name__, _place(error))


def _place(error: Exception) -> str:
    """The last place in the trace of the error, as file and line."""
    *_, (frame, line) = walk_tb(error.__traceback__)
    return f"{frame.f_globals.get('__name__', '?')}:{line}"
