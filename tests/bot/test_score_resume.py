"""`bellwether score` stopped in whatever way: the same command goes on, and nothing is twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from bot.commands.journal import Journal
from bot.tables.tabular import ROWS_A_CHUNK, TableError
from sentiment.labels import Score
from tests.bot.scored import (
    command,
    journal_of,
    n_journalled,
    read,
    run,
    scored,
    texts,
    write_csv,
)
from tests.fakes import FixedScorer

ROOT = Path(__file__).parent.parent.parent
CHILD = [sys.executable, "-m", "tests.bot.score_child"]
ABOUT = {"format": 1, "input": [".csv", 1, "a"], "columns": [0], "model": "m"}


class StoppedError(Exception):
    """What a test stops a run with."""


class Stopping(FixedScorer):
    """Stops the run when it is given its n-th batch."""

    n_left = 0

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        if self.n_left == 0:
            raise StoppedError
        self.n_left -= 1
        return super().score(pairs)


def stop_after(n_chunks: int, source: Path, out: Path) -> None:
    scorer = Stopping()
    scorer.n_left = n_chunks
    with pytest.raises(StoppedError):
        scored(source, out, scorer)


def start(arguments: list[str]) -> subprocess.Popen[str]:
    """Ctrl-C reaches it even where the tests run in the background, whose children ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            arguments, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)


def wait_until(process: subprocess.Popen[str], reached: Callable[[], bool]) -> None:
    while process.poll() is None and not reached():
        time.sleep(0.01)


def test_score_goes_on_where_it_was_when_it_was_stopped(tmp_path: Path) -> None:
    source, out, whole = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "whole.csv"
    write_csv(source, texts(4 * ROWS_A_CHUNK))
    scored(source, whole)
    stop_after(2, source, out)
    assert not out.exists()
    assert journal_of(out).stat().st_mode & 0o777 == 0o600
    scorer = FixedScorer()
    _, heard = scored(source, out, scorer)
    assert heard.n_rows == 2 * ROWS_A_CHUNK
    assert len(scorer.seen) == 2
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv", "whole.csv"]


@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet"])
def test_score_goes_on_whatever_kind_it_writes(tmp_path: Path, kind: str) -> None:
    source, out, whole = tmp_path / "in.csv", tmp_path / f"out{kind}", tmp_path / f"whole{kind}"
    write_csv(source, texts(2 * ROWS_A_CHUNK))
    scored(source, whole)
    stop_after(1, source, out)
    scored(source, out)
    assert out.read_bytes() == whole.read_bytes()


def test_score_starts_anew_when_file_columns_or_model_differ(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    write_csv(source, texts(2 * ROWS_A_CHUNK))
    stop_after(1, source, out)
    kept = journal_of(out).read_bytes()
    _, heard = scored(source, out, version="another")
    assert (heard.n_rows, heard.differs) == (0, "the model")
    journal_of(out).write_bytes(kept)
    source.write_text(source.read_text().replace("n,text", "text,n"))
    _, heard = scored(source, out)
    assert heard.differs == "the file and the columns"
    assert len(read(out)) == 2 * ROWS_A_CHUNK


def test_score_says_from_where_it_goes_on(tmp_path: Path, tiny_model: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    write_csv(source, texts(ROWS_A_CHUNK + 5))
    arguments = (source, "-o", out, "--model", tiny_model, "--processes", 1)
    assert run(*arguments).exit_code == 0
    first = read(out)
    stop_after(1, source, out)
    kept = journal_of(out).read_text().replace('"fixed"', '"tiny-1"')
    journal_of(out).write_text(kept)
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert f"Going on from row {ROWS_A_CHUNK + 1}" in result.output
    assert read(out)[ROWS_A_CHUNK:] == first[ROWS_A_CHUNK:]
    journal_of(out).write_text(kept.replace("tiny-1", "tiny-0"))
    result = run(*arguments)
    assert "because the model changed since: starting anew" in result.output
    assert out.read_bytes().count(b"tiny-1") == ROWS_A_CHUNK + 5


def test_journal_keeps_whole_chunks_when_it_is_cut_at_any_byte(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    chunks: list[list[list[str | float | bool | None] | None]] = [
        [["a", 0.25], None],
        [["b", True]],
        [None, ["é", None]],
    ]
    with Journal(out, ABOUT) as journal:
        for chunk in chunks:
            journal.add(chunk)
    content = journal_of(out).read_bytes()
    ends = [i + 1 for i, byte in enumerate(content) if byte == ord("\n")]
    for cut in range(len(content) + 1):
        journal_of(out).write_bytes(content[:cut])
        n_whole = max(0, sum(end <= cut for end in ends) - 1)
        with Journal(out, ABOUT) as journal:
            assert journal.n_rows == sum(map(len, chunks[:n_whole]))
            for chunk in chunks[n_whole:]:
                journal.add(chunk)
            assert list(journal.rows()) == [row for chunk in chunks for row in chunk]
        assert journal_of(out).read_bytes() == content


def test_journal_ends_at_the_first_line_that_is_none_of_its_own(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with Journal(out, ABOUT) as journal:
        for _ in range(3):
            journal.add([None, None])
    lines = journal_of(out).read_bytes().splitlines(keepends=True)
    for damaged in (b"\0" * 8 + b"\n", lines[3], b"{}\n", b"[]\n"):
        journal_of(out).write_bytes(lines[0] + lines[1] + damaged + lines[3])
        with Journal(out, ABOUT) as journal:
            assert journal.n_rows == 2


def test_journal_is_one_runs_alone(tmp_path: Path) -> None:
    with Journal(tmp_path / "out.csv", ABOUT) as journal:
        with pytest.raises(TableError, match="Another run is writing"):
            Journal(tmp_path / "out.csv", ABOUT)
        journal.add([None])
    with Journal(tmp_path / "out.csv", ABOUT) as journal:
        assert journal.n_rows == 1


@pytest.mark.slow
def test_score_has_every_row_once_when_it_is_killed_again_and_again(tmp_path: Path) -> None:
    source, out, whole = tmp_path / "in.csv", tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    write_csv(source, texts(30 * ROWS_A_CHUNK))
    scored(source, whole)
    chance = random.Random(7)
    n_killed = 0
    for goal in (0, 1, 5_000, 10_000, 14_500, 15_000, 15_000, 15_000):
        child = start([*CHILD, str(source), str(out)])
        wait_until(child, lambda goal=goal: n_journalled(out) >= goal)  # type: ignore[misc]
        time.sleep(chance.random() * 0.1)
        child.kill()
        child.communicate()
        n_killed += child.returncode == -signal.SIGKILL
        assert not out.exists() or out.read_bytes() == whole.read_bytes()
    assert n_killed >= 5
    scored(source, out)
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", out.name, whole.name]


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.fixture(scope="module")
def judged_here(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A file of some chunks, and what one process makes of it."""
    folder = tmp_path_factory.mktemp("whole")
    source, out = folder / "in.csv", folder / "out.csv"
    write_csv(source, texts(12 * ROWS_A_CHUNK))  # more than is done before a signal
    assert run(source, "-o", out, "--model", tiny_model, "--processes", 1).exit_code == 0
    return source, out.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_score_leaves_no_process_and_goes_on_when_it_is_ended(
    tmp_path: Path, tiny_model: Path, judged_here: tuple[Path, bytes], end: signal.Signals
) -> None:
    (source, whole), out = judged_here, tmp_path / "out.csv"
    arguments = ["--model", tiny_model, "--processes", 2]
    child = start(command(source, "-o", out, *arguments))
    wait_until(child, lambda: n_journalled(out) > 0)
    family = children_of(child)
    assert len(family) >= 2
    for one in [*family, psutil.Process(child.pid)] if end is signal.SIGINT else [child]:
        os.kill(one.pid, end)  # Ctrl-C reaches every process of the terminal
    _, said = child.communicate()
    assert "Traceback" not in said
    assert not any(word in said for word in ("training", "paper", "never"))
    if end is signal.SIGINT:
        assert child.returncode == 130
        assert "Stopped. What is scored so far is kept" in said
    assert psutil.wait_procs(family, timeout=30)[1] == []
    assert not out.exists()
    again = subprocess.run(
        command(source, "-o", out, *arguments), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Going on from row" in again.stderr
    assert out.read_bytes() == whole


@pytest.mark.slow
def test_score_says_what_to_do_when_a_scoring_process_is_killed(
    tmp_path: Path, tiny_model: Path, judged_here: tuple[Path, bytes]
) -> None:
    source, out = judged_here[0], tmp_path / "out.csv"
    child = start(command(source, "-o", out, "--model", tiny_model, "--processes", 2))
    wait_until(child, lambda: n_journalled(out) > 0)
    scorer = next(one for one in children_of(child) if "spawn_main" in " ".join(one.cmdline()))
    scorer.kill()
    _, said = child.communicate()
    assert child.returncode == 2
    assert "A scoring process was ended from outside" in said
    assert "give the same command again to go on" in said
    assert "Traceback" not in said
    assert n_journalled(out) > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".parquet"])
def test_score_needs_no_more_memory_when_the_file_is_ten_times_as_long(
    tmp_path: Path, kind: str
) -> None:
    peaks = []
    for n_rows in (4_000, 40_000):
        source, out = tmp_path / f"in{n_rows}.csv", tmp_path / f"out{kind}"
        source.write_text("text\n" + "the new tool will never like our paper form\n" * n_rows)
        made = subprocess.run(
            [*CHILD, str(source), str(out)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        peaks.append(int(made.stdout))
    assert peaks[1] - peaks[0] < 15_000  # KiB; the long file alone has 1,760


def test_score_says_so_when_the_file_changes_under_it(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    write_csv(source, texts(ROWS_A_CHUNK))

    class Shortening(FixedScorer):
        def score(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
            source.write_text("n,text\n0,one row\n")
            return super().score(pairs)

    with pytest.raises(TableError, match="was changed while it was scored"):
        scored(source, out, Shortening())
    assert not out.exists()
