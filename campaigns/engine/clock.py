"""The clock: APScheduler nudges the actors, a worker in this process runs them (D3).

Two clocks over one database are harmless, because every job claims what it works on by a lease.
"""

from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit

from campaigns.domain.lanes import LOOK_SECONDS
from campaigns.engine.work import Work, actors

# How long a thread with nothing to do waits before it looks whether it is to stop; the usual
# second, once for each queue, adds up to ten.
_IDLE_MS = 200


def between_looks(name: str, work: Work, tick_seconds: float) -> float:
    """Seconds between two nudges of that job: a lane's slots are lost if nobody looks for them."""
    often = name == "deliver" and work.messenger.lanes
    return min(LOOK_SECONDS, tick_seconds) if often else tick_seconds


class Engine:
    """Everything that happens without anybody pressing a button, until `stop`."""

    def __init__(self, work: Work, tick_seconds: float) -> None:
        self._broker = StubBroker(middleware=[AgeLimit()])
        self._actors = actors(self._broker, work, tick_seconds)
        # A thread a job: a model that reads for a minute keeps no message waiting.
        self._worker = Worker(
            self._broker, worker_timeout=_IDLE_MS, worker_threads=len(self._actors)
        )
        self._scheduler = BackgroundScheduler(timezone=UTC)
        for name, actor in self._actors.items():
            self._scheduler.add_job(
                actor.send,
                "interval",
                id=name,
                seconds=between_looks(name, work, tick_seconds),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Everything due is looked for at once, then at every tick."""
        self._worker.start()
        self._scheduler.start()
        for actor in self._actors.values():
            actor.send()

    def stop(self) -> None:
        """Jobs that run are waited for; no new one begins."""
        self._scheduler.shutdown(wait=True)
        self._worker.stop()
        self._broker.close()
