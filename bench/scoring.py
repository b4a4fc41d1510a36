"""How many answers a second are read, in every way at hand, beside what this machine could do.

    python -m bench.scoring [answers]

Prints one table for all shipped models and asserts nothing. Each way runs in a process of its own,
one thread each, on the same texts, so that its memory is its own. The ceiling is the speed of a
bare matrix product of the encoder's shape, divided by what its blocks multiply for one answer.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from sentiment.card import SHIPPED, read_card

Pairs = Sequence[tuple[str, str]]
N_ANSWERS = 1_000
N_WARM = 20
JOB = 250  # pairs a process takes at a time, half of what `bellwether score` gives it
MATRIX = (1_024, 768, 3_072)  # the scorer's largest batch, through a block's widest layer
MATRIX_SECONDS = 2.0
_SPAWN = get_context("spawn")


@dataclass(frozen=True)
class Speed:
    """One way's figures; `times` are milliseconds an answer, where they came one at a time."""

    answers: float
    megabytes: float
    times: tuple[float, ...] = ()

    def cells(self, ceiling: float | None) -> list[str]:
        share = "" if ceiling is None else f"{self.answers / ceiling:.0%}"
        cuts = quantiles(self.times, n=100) if len(self.times) > 1 else ()
        slow = [f"{cuts[49]:.1f}", f"{cuts[98]:.1f}"] if cuts else ["", ""]
        return [f"{self.answers:,.0f}", share, f"{self.megabytes:,.0f}", *slow]


def main() -> None:
    """Measure and print."""
    n_answers = int(sys.argv[1]) if len(sys.argv) > 1 else N_ANSWERS
    from sentiment.likeness import read_corpus

    pairs = [(a.question, a.text) for a in read_corpus().test[:n_answers]]
    one, two = matrix_speed(1), matrix_speed(2)
    names = ("model", "way", "answers/s", "of ceiling", "RSS MB", "p50 ms", "p99 ms")
    table = Table(*names, title=f"{len(pairs):,} answers, one thread a process")
    for model in SHIPPED:
        add_model(table, model, pairs, one, two)
    console = Console()
    if importlib.util.find_spec("vaderSentiment"):
        table.add_row("VADER", "words only", *alone(_vader, "", pairs).cells(None))
    else:
        console.print("VADER is left out: vaderSentiment is not installed.")
    console.print(table)
    console.print(f"A matrix product of {MATRIX}: {one:,.0f} GFLOP/s, two processes {two:,.0f}.")


def add_model(table: Table, model: str, pairs: Pairs, one: float, two: float) -> None:
    """A row for each way of asking this model, or its bare encoder."""
    gflop = apart(gflop_an_answer, model, pairs)
    ways: list[tuple[str, Callable[[str, Pairs], Speed], float]] = [
        ("ours, one at a time", _one_at_a_time, one),
        ("ours, whole list", _whole_list, one),
        ("pipeline, batch 1", _pipeline_1, one),
        ("pipeline, batch 32", _pipeline_32, one),
    ]
    for name, way, speed in ways:
        table.add_row(model, name, *alone(way, model, pairs).cells(speed / gflop))
    table.add_row(model, "ours, two processes", *_two_processes(model, pairs).cells(two / gflop))
    table.add_row(model, "ceiling", f"{one / gflop:,.0f}", f"{gflop:.2f} GFLOP each", "", "", "")
    table.add_row(model, "ceiling, two processes", f"{two / gflop:,.0f}", "", "", "", "")
    table.add_row(
        model, "cold start, s", f"{cold_start(model):.1f}", "to a file of one", "", "", ""
    )


def apart(work: Callable[..., Any], *arguments: object) -> Any:
    """What the function gives in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=_SPAWN) as pool:
        return pool.submit(work, *arguments).result()


def alone(way: Callable[[str, Pairs], Speed], model: str, pairs: Pairs) -> Speed:
    """One way's figures, measured in a fresh process."""
    found: Speed = apart(way, model, pairs)
    return found


def matrix_speed(n_processes: int) -> float:
    """GFLOP/s of all of them together, multiplying at the same time."""
    barrier = _SPAWN.Barrier(n_processes)
    pipes = [_SPAWN.Pipe(duplex=False) for _ in range(n_processes)]
    processes = [_SPAWN.Process(target=_multiply, args=(barrier, ours)) for _, ours in pipes]
    for process in processes:
        process.start()
    speed = sum(theirs.recv() for theirs, _ in pipes)
    for process in processes:
        process.join()
    return float(speed)


def _multiply(barrier: Any, line: Any) -> None:
    import torch

    torch.set_num_threads(1)
    rows, width, columns = MATRIX
    a, b = torch.rand(rows, width), torch.rand(width, columns)
    torch.mm(a, b)
    barrier.wait()
    started, n = time.perf_counter(), 0
    while time.perf_counter() - started < MATRIX_SECONDS:
        torch.mm(a, b)
        n += 1
    line.send(n * 2 * rows * width * columns / (time.perf_counter() - started) / 1e9)


def gflop_an_answer(model: str, pairs: Pairs) -> float:
    """What the blocks multiply for an answer on average: 2·P·t + 4·L·d·t², t its tokens.

    P are the weights of the blocks' linear layers, L the blocks, d their width. No padding.
    """
    from torch import nn

    from sentiment.model import load_model

    answer_model, reader, _ = load_model(model)
    config: Any = answer_model.encoder.config
    weights = sum(
        module.weight.numel()
        for name, module in answer_model.encoder.named_modules()
        if isinstance(module, nn.Linear) and name.startswith("layer.")
    )
    pairwise = 4 * config.num_hidden_layers * config.hidden_size
    tokens = [len(encoding.ids) for encoding in reader.encode(list(pairs))]
    return fmean(2 * weights * t + pairwise * t**2 for t in tokens) / 1e9


def cold_start(model: str) -> float:
    """Seconds that the whole command takes for a file of one answer."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        source.write_text("text\nThe new portal is great and I love it.\n", encoding="utf-8")
        command = [sys.executable, "-m", "bot", "score", str(source), "--model", model]
        started = time.perf_counter()
        subprocess.run([*command, "-o", f"{folder}/out.csv"], check=True, capture_output=True)
        return time.perf_counter() - started


def _one_at_a_time(model: str, pairs: Pairs) -> Speed:
    from sentiment.scorer import TransformerScorer

    scorer = TransformerScorer.load(model)
    return _each(lambda pair: scorer.score([pair]), pairs)


def _whole_list(model: str, pairs: Pairs) -> Speed:
    from sentiment.scorer import TransformerScorer

    scorer = TransformerScorer.load(model)
    return _all(scorer.score, pairs)


def _two_processes(model: str, pairs: Pairs) -> Speed:
    """Once both have loaded; the memory is that of the larger one."""
    from sentiment.pool import Pool

    with Pool(model, 2) as pool:
        list(pool.score([pairs[:N_WARM]] * 2))
        started = time.perf_counter()
        list(pool.score(_jobs(pairs)))
        seconds = time.perf_counter() - started
        memory = max(_megabytes(child) for child in psutil.Process().children())
    return Speed(len(pairs) / seconds, memory)


def _jobs(pairs: Pairs) -> Iterator[Pairs]:
    return (pairs[start : start + JOB] for start in range(0, len(pairs), JOB))


def _pipeline_1(model: str, pairs: Pairs) -> Speed:
    ask = _pipeline(model, 1)
    return _each(lambda pair: ask([f"{pair[0]} {pair[1]}"]), pairs)


def _pipeline_32(model: str, pairs: Pairs) -> Speed:
    ask = _pipeline(model, 32)
    return _all(lambda some: ask([f"{question} {text}" for question, text in some]), pairs)


def _pipeline(model: str, batch_size: int) -> Callable[[list[str]], object]:
    """The library's own pipeline on the same blocks of the encoder: no head, nothing calibrated."""
    import torch
    from transformers import AutoTokenizer, pipeline

    from sentiment.network import load_encoder

    torch.set_num_threads(1)
    encoder, folder = load_encoder(read_card(model).base)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ask = pipeline("feature-extraction", model=encoder, tokenizer=tokenizer, device="cpu")

    def answer(texts: list[str]) -> object:
        return ask(texts, batch_size=batch_size, tokenize_kwargs={"truncation": True})

    return answer


def _vader(_model: str, pairs: Pairs) -> Speed:
    vader = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return _each(lambda pair: vader.polarity_scores(pair[1]), pairs)


def _each(ask: Callable[[tuple[str, str]], object], pairs: Pairs) -> Speed:
    for pair in pairs[:N_WARM]:
        ask(pair)
    times = []
    for pair in pairs:
        started = time.perf_counter()
        ask(pair)
        times.append((time.perf_counter() - started) * 1_000)
    return Speed(len(times) / sum(times) * 1_000, _megabytes(psutil.Process()), tuple(times))


def _all(ask: Callable[[Pairs], object], pairs: Pairs) -> Speed:
    ask(pairs[:N_WARM])
    started = time.perf_counter()
    ask(pairs)
    return Speed(len(pairs) / (time.perf_counter() - started), _megabytes(psutil.Process()))


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 2**20)


if __name__ == "__main__":
    main()
