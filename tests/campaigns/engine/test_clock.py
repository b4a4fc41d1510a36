import threading
from collections import Counter
from collections.abc import Callable

import pytest

from campaigns.engine.clock import Engine
from campaigns.engine.work import Work

WAIT = 20.0  # seconds until a test gives up; it never waits that long when all is well


class _Jobs:
    """Stands for bound work: counts how often each job is asked for."""

    def __init__(self, wanted: int) -> None:
        self.asked: Counter[str] = Counter()
        self.done = threading.Event()
        self._wanted = wanted

    def job(self, name: str, breaks: bool = False) -> Callable[[], int]:
        def run() -> int:
            self.asked[name] += 1
            if all(self.asked[one] >= self._wanted for one in ("plan", "deliver")):
                self.done.set()
            if breaks:
                raise RuntimeError("my secret words")
            return 0

        return run

    @property
    def jobs(self) -> dict[str, Callable[[], int]]:
        return {"plan": self.job("plan"), "deliver": self.job("deliver", breaks=True)}


def _engine(jobs: _Jobs) -> Engine:
    work: Work = jobs  # type: ignore[assignment]  # the engine asks of work only its jobs
    return Engine(work, tick_seconds=0.2)


def test_engine_asks_every_job_again_and_again_also_one_that_breaks() -> None:
    jobs = _Jobs(wanted=3)
    engine = _engine(jobs)
    engine.start()
    assert jobs.done.wait(WAIT)
    engine.stop()


def test_engine_logs_a_broken_job_without_what_it_held(caplog: pytest.LogCaptureFixture) -> None:
    jobs = _Jobs(wanted=1)
    engine = _engine(jobs)
    engine.start()
    assert jobs.done.wait(WAIT)
    engine.stop()
    broken = [record for record in caplog.records if "broke off" in record.message]
    assert broken
    assert "RuntimeError" in broken[0].getMessage()
    assert "secret" not in broken[0].getMessage()


def test_engine_asks_nothing_any_more_once_stopped() -> None:
    jobs = _Jobs(wanted=1)
    engine = _engine(jobs)
    engine.start()
    assert jobs.done.wait(WAIT)
    engine.stop()
    before = Counter(jobs.asked)
    threading.Event().wait(0.5)
    assert jobs.asked == before
