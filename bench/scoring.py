"""How many answers a second the scorer reads, beside the same encoder asked one text at a time.

Run with `python -m bench.scoring`; it prints a table and asserts nothing. The other side is what a
`transformers` pipeline does by default: its own tokeniser, batch 1, the whole padded pass a text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import psutil
from rich.console import Console
from rich.table import Table

Pairs = Sequence[tuple[str, str]]
N_ANSWERS = 1_000
N_ONE_BY_ONE = 200  # enough for a steady mean, at some 20 ms each


def main() -> None:
    """Print answers a second and resident memory of each way."""
    started = time.perf_counter()
    from sentiment.scorer import TransformerScorer

    scorer = TransformerScorer.load()
    cold = time.perf_counter() - started
    from sentiment.data import read_corpus

    pairs = [(a.question, a.text) for a in read_corpus()[:N_ANSWERS]]
    table = Table("way", "answers/s", "RSS MB", title="One thread, 22 words and a question each")
    ways: list[tuple[str, Callable[[Pairs], object], Pairs]] = [
        ("scorer, whole list", scorer.score, pairs),
        (
            "scorer, one at a time",
            lambda p: [scorer.score([one]) for one in p],
            pairs[:N_ONE_BY_ONE],
        ),
        ("pipeline-like, batch 1", _pipeline_like(), pairs[:N_ONE_BY_ONE]),
    ]
    for name, way, some in ways:
        way(some[:20])
        table.add_row(name, f"{_speed(way, some):.0f}", f"{_resident_mb():.0f}")
    console = Console()
    console.print(table)
    console.print(f"Cold start (imports and load): {cold:.1f} s")


def _speed(way: Callable[[Pairs], object], pairs: Pairs) -> float:
    started = time.perf_counter()
    way(pairs)
    return len(pairs) / (time.perf_counter() - started)


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def _pipeline_like() -> Callable[[Pairs], object]:
    import torch
    from transformers import AutoTokenizer

    from sentiment.model import describe_base, load_encoder

    encoder, folder = load_encoder(describe_base(None))
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def ask(pairs: Pairs) -> None:
        with torch.no_grad():
            for question, text in pairs:
                encoder(**tokenizer(question, text, return_tensors="pt", truncation=True))

    return ask


if __name__ == "__main__":
    main()
