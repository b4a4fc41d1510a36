"""Several scoring processes: the same scores in the same order, and nobody is left behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import psutil
import pytest

from sentiment.encoders import Base
from sentiment.errors import ScoringError, WeightsError
from sentiment.labels import Status
from sentiment.pool import Pool, score_carefully, usable_cores
from sentiment.scorer import TransformerScorer
from tests.bot.scored import make_model, texts
from tests.fakes import FixedScorer


@pytest.fixture(scope="module")
def model(tiny_base: Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tiny_base, tmp_path_factory.mktemp("pool"))


def jobs(n: int) -> list[list[tuple[str, str]]]:
    """So many jobs of very different sizes; one is empty."""
    pairs = [("", text) for text in texts(n * 20)]
    return [pairs[i * 20 : i * 20 + i * 7 % 20] for i in range(n)]


def scorers() -> list[psutil.Process]:
    """This process's children that score; other tests of the same process may have left others."""
    children = psutil.Process().children()
    return [one for one in children if "spawn_main" in " ".join(one.cmdline())]


def test_pool_gives_the_scores_of_one_process_in_order_when_it_has_two(model: Path) -> None:
    alone = TransformerScorer.load(model)
    with Pool(model, 2) as pool:
        assert len(scorers()) == 2
        found = list(pool.score(jobs(30)))
    assert found == [alone.score(job) for job in jobs(30)]
    assert scorers() == []


def test_pool_keeps_ctrl_c_from_its_processes_also_when_it_is_the_first(model: Path) -> None:
    program = (
        "import sys; from sentiment.pool import Pool\n"
        "from tests.sentiment.test_pool import scorers\n"
        "with Pool(sys.argv[1], 2) as pool:\n"
        "    print(*(one.pid for one in scorers()), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(model)], stdin=PIPE, stdout=PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        children = parent.stdout.readline().split()
        masks = [Path(f"/proc/{pid}/status").read_text() for pid in children]
        parent.communicate("")
    blocked = [int(re.findall(r"SigBlk:\s*(\w+)", mask)[0], 16) for mask in masks]
    assert [bool(each & 1 << signal.SIGINT - 1) for each in blocked] == [True, True]


def test_pool_takes_few_jobs_ahead_when_there_are_many(model: Path) -> None:
    n_taken = 0

    def counted() -> Iterator[list[tuple[str, str]]]:
        nonlocal n_taken
        for job in jobs(40):
            n_taken += 1
            yield job

    with Pool(model, 2) as pool:
        for n_given, _ in enumerate(pool.score(counted())):
            assert n_taken - n_given <= 5


def test_pool_says_so_and_ends_when_one_of_its_processes_is_killed(model: Path) -> None:
    with Pool(model, 2) as pool:
        scores = pool.score(jobs(200))
        next(scores)
        os.kill(scorers()[0].pid, signal.SIGKILL)
        with pytest.raises(ScoringError, match="was ended from outside"):
            list(scores)
    assert scorers() == []


def test_pool_says_what_is_wrong_with_the_model_when_no_process_can_load_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(WeightsError, match="was not found"), Pool(tmp_path, 1) as pool:
        list(pool.score(jobs(2)))


def test_score_carefully_gives_up_one_text_when_the_model_fails_on_it() -> None:
    scorer = FixedScorer(failing=frozenset({"poison"}))
    scores = score_carefully(scorer, [("", "fine"), ("", "poison"), ("", "good")])
    assert [one.status for one in scores] == [Status.SCORED, Status.ERROR, Status.SCORED]


def test_usable_cores_are_those_of_this_process() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
