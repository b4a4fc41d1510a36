"""Scores by several processes, one thread each: in order, with few texts under way at a time.

A process takes one job and answers before it gets the next, so neither side can wait for the other
to read. It ends by itself when nobody is left at the other end, however that came about. Nothing
that a library says about a text leaves it, and importing this file loads no model.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Protocol, Self

from sentiment.errors import ScoringError, SentimentError
from sentiment.labels import Score, Status

Job = Sequence[tuple[str, str]]
_AHEAD = 2  # jobs a process that are under way or wait for an earlier one's scores


class Scorer(Protocol):
    """Whatever reads (question, text) pairs."""

    @property
    def model_version(self) -> str: ...

    def score(self, pairs: Job) -> list[Score]: ...


def usable_cores() -> int:
    """How many cores this process may run on."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux alone has it
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def score_carefully(scorer: Scorer, pairs: Job) -> list[Score]:
    """One score a pair, in order; a text that the model fails on takes no other with it."""
    try:
        return scorer.score(pairs)
    except Exception:  # what a library raises quotes its input: it must end here
        return [_alone(scorer, pair) for pair in pairs]


def score_here(model: str | Path, jobs: Iterable[Job]) -> Iterator[list[Score]]:
    """The scores of each job, in order, by this process; without a text, the model stays away."""
    scorer: Scorer | None = None
    for job in jobs:
        if job and scorer is None:
            from sentiment.scorer import TransformerScorer

            scorer = TransformerScorer.load(model)
        yield score_carefully(scorer, job) if scorer is not None else []


class Pool:
    """Processes that hold the model while the `with` lasts, and are gone after it."""

    def __init__(self, model: str | Path, n_processes: int) -> None:
        self._model = str(model)
        self._n = n_processes
        self._processes: list[SpawnProcess] = []
        self._lines: list[Connection] = []

    def __enter__(self) -> Self:
        # A child inherits the mask, so that Ctrl-C ends this process, which then ends the others.
        # The tracker first: the start of a first process would start it, and that lifts the mask.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(self._n):
                self._start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.join()
            process.close()

    def score(self, jobs: Iterable[Job]) -> Iterator[list[Score]]:
        """The scores of each job, in order.

        Raises ScoringError where a process has ended, WeightsError where the model is unusable.
        """
        waiting = enumerate(jobs)
        idle, busy = list(self._lines), dict[Connection, int]()
        done: dict[int, list[Score]] = {}
        n_given = 0
        while True:
            while idle and len(busy) + len(done) < self._n * _AHEAD:
                number, job = next(waiting, (-1, ()))
                if number < 0:
                    break
                _send(idle[-1], job)
                busy[idle.pop()] = number
            if not busy:
                break
            for line in wait(list(busy)):
                assert isinstance(line, Connection)  # noqa: S101 - nothing else was waited for
                done[busy.pop(line)] = _receive(line)
                idle.append(line)
            while n_given in done:
                yield done.pop(n_given)
                n_given += 1

    def _start(self) -> None:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(self._model, theirs), daemon=True)
        self._lines.append(ours)
        process.start()
        self._processes.append(process)
        theirs.close()


def _send(line: Connection, job: Job) -> None:
    try:
        line.send(job)
    except OSError:
        raise _lost() from None


def _receive(line: Connection) -> list[Score]:
    try:
        found = line.recv()
    except (EOFError, OSError):
        raise _lost() from None
    if isinstance(found, SentimentError):
        raise found
    scores: list[Score] = found
    return scores


def _lost() -> ScoringError:
    return ScoringError(
        "A scoring process was ended from outside, most likely for want of memory: try again with "
        "fewer processes."
    )


def _alone(scorer: Scorer, pair: tuple[str, str]) -> Score:
    try:
        return scorer.score([pair])[0]
    except Exception:  # as above
        return Score.unscored(Status.ERROR, scorer.model_version)


def _work(model: str, line: Connection) -> None:
    """One process: jobs in, scores out, until the other end is closed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # the other cores are others' to use
    with suppress(EOFError, OSError):  # nobody is there any more
        try:
            from sentiment.scorer import TransformerScorer

            scorer = TransformerScorer.load(model)
        except SentimentError as error:
            line.send(error)
            return
        except Exception as error:  # an edge: a traceback on the error stream could quote anything
            line.send(ScoringError(f"The model could not be loaded ({type(error).__name__})."))
            return
        while True:
            line.send(score_carefully(scorer, line.recv()))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # a killed parent can end nobody
