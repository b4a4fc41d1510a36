"""What tests of `bellwether score` stand on: the command, its output, a model that costs nothing,
and a program that can be killed."""

import csv
import io
import json
import sys
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner, Result

from bot.commands.score import score
from bot.commands.scoring_run import Judge, Outcome, score_file
from bot.tables.tabular import Wanted
from sentiment.encoders import Base
from sentiment.labels import Score
from tests.fakes import FixedScorer

app = typer.Typer()
app.command()(score)

WORDS = "we the new tool form use will not never like love hate when training paper need time"


@app.callback()
def _several() -> None:
    """Makes `score` a subcommand, as it is in the whole."""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["score", *map(str, arguments)])


def read(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def texts(n: int) -> list[str]:
    """So many different texts, short and long ones mixed."""
    words = WORDS.split()
    return [
        " ".join(words[(i + j) % 17] for j in range(3 + i * 7 % 40)) + f" {i}" for i in range(n)
    ]


def write_csv(path: Path, lines: Sequence[str]) -> None:
    path.write_text("n,text\n" + "".join(f'{i},"{line}"\n' for i, line in enumerate(lines)))


class Deaf:
    """Listens to a run and keeps what it said at the beginning."""

    n_rows = 0
    differs = ""

    def begins(self, _total: int, n_rows: int, differs: str, /) -> None:
        self.n_rows, self.differs = n_rows, differs

    def advances(self, _done: int, _n_rows: int, /) -> None:
        pass


def fixed(scorer: FixedScorer) -> Judge:
    """Judges here, by the fake model."""

    def judge(jobs: Iterable[list[tuple[str, str]]]) -> Generator[list[Score], None, None]:
        for job in jobs:
            yield scorer.score(job)

    return judge


def scored(
    source: Path, out: Path, scorer: FixedScorer | None = None, version: str = "fixed"
) -> tuple[Outcome, Deaf]:
    """The file scored by the fake model."""
    listener = Deaf()
    judge = fixed(scorer or FixedScorer())
    return score_file(source, out, Wanted(), version, judge, listener), listener


def make_model(base: Base, folder: Path) -> Path:
    """A model folder on a tiny encoder; its heads have learned nothing."""
    import torch

    from sentiment.card import ModelCard
    from sentiment.model import AnswerModel, save_adapter
    from sentiment.network import load_encoder

    torch.manual_seed(1)
    heads: dict[str, Any] = AnswerModel(load_encoder(base)[0]).heads.state_dict()
    digest = save_adapter(folder, {f"heads.{name}": each for name, each in heads.items()})
    ModelCard("tiny-1", base, max_tokens=64, adapter_sha256=digest).write(folder)
    return folder


def command(*arguments: object) -> list[str]:
    """The whole program, to be run in a process of its own."""
    return [sys.executable, "-m", "bot", "score", *map(str, arguments)]


def journal_of(out: Path) -> Path:
    return out.with_name(f".{out.name}.scores")


def n_journalled(out: Path) -> int:
    """Rows in the journal; 0 where there is none."""
    try:
        lines = journal_of(out).read_bytes().split(b"\n")[1:-1]
    except OSError:
        return 0
    return sum(len(json.loads(line)[1]) for line in lines)
