"""Threads for what is slow: replies, windows and pages. Nothing that has to happen is left to them.

One of the edges: whoever asked has gone on, so what breaks is logged here, by its kind.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec

from bot.logs import described

P = ParamSpec("P")
_log = logging.getLogger(__name__)


class Talkers:
    """Does jobs side by side, each as soon as a thread is free; after `stop`, none any more."""

    def __init__(self, n_threads: int) -> None:
        self._threads = ThreadPoolExecutor(n_threads, thread_name_prefix="slack-talk")

    def soon(self, job: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """The job is done in a moment; never raises and never waits."""
        try:
            self._threads.submit(_do, partial(job, *args, **kwargs))
        except RuntimeError:
            _log.info("What would have been said is left out: Bellwether stops")

    def stop(self) -> None:
        """What was begun is finished."""
        self._threads.shutdown()


def _do(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception as error:  # an edge: nobody waits for this thread
        _log.error("Something that was to be said broke off: %s", described(error))
