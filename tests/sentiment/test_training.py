"""Training on a tiny encoder: it learns, it repeats itself, it resumes, it refuses."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sentiment.data import Answer
from sentiment.encoders import Base
from sentiment.errors import TrainingError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.likeness import split
from sentiment.model import load_model
from sentiment.release import Recipe, release
from sentiment.scorer import TransformerScorer
from sentiment.training import TrainingOptions, train

OPTIONS = TrainingOptions(epochs=3, batch_size=8, lora_rank=2, trained_blocks=1, bfloat16=False)


def recipe(base: Base) -> Recipe:
    return Recipe(base, OPTIONS)


def answers(n: int = 48) -> list[Answer]:
    made = []
    for i in range(n):
        against = i % 2 == 0
        made.append(
            Answer(
                id=f"t-{i}",
                question="",
                text=f"we will not use the new tool {i}" if against else f"i love the new tool {i}",
                stance=Stance.RESISTANT if against else Stance.SUPPORTIVE,
                sentiment=Sentiment.NEGATIVE if against else Sentiment.POSITIVE,
                barrier=Barrier.DESIRE if against else Barrier.NONE,
                themes=(Theme.TOOLS,),
                safeguarding=i % 8 == 0,
            )
        )
    return made


def test_train_repeats_itself_and_resumes_to_the_same_weights(
    tmp_path: Path, tiny_base: Base
) -> None:
    whole = train(answers(), tiny_base, tmp_path / "a", OPTIONS)
    train(answers(), tiny_base, tmp_path / "b", OPTIONS, stop_after=1)
    resumed = train(answers(), tiny_base, tmp_path / "b", OPTIONS)
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    other = train(answers(), tiny_base, tmp_path / "c", replace(OPTIONS, seed=14))
    assert not all(torch.equal(whole[name], other[name]) for name in whole)


def test_train_reports_every_step_and_learns(tmp_path: Path, tiny_base: Base) -> None:
    seen: list[tuple[int, int, float]] = []
    options = replace(OPTIONS, epochs=6, rate_adapter=1e-2, rate_heads=2e-2)
    train(answers(), tiny_base, tmp_path, options, lambda *step: seen.append(step))
    assert [done for done, _, _ in seen] == list(range(1, 37))
    assert {total for _, total, _ in seen} == {36}
    first, last = (sum(loss for *_, loss in part) for part in (seen[:6], seen[-6:]))
    assert last < 0.8 * first


def test_train_refuses_another_run_in_its_folder(tmp_path: Path, tiny_base: Base) -> None:
    train(answers(), tiny_base, tmp_path, OPTIONS, stop_after=1)
    with pytest.raises(TrainingError, match="other options, answers, encoder or start"):
        train(answers(), tiny_base, tmp_path, replace(OPTIONS, seed=1))
    with pytest.raises(TrainingError, match="other options, answers, encoder or start"):
        train(answers()[:-1], tiny_base, tmp_path, OPTIONS)


def test_train_refuses_a_damaged_checkpoint(tmp_path: Path, tiny_base: Base) -> None:
    train(answers(), tiny_base, tmp_path, OPTIONS, stop_after=1)
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(TrainingError, match="damaged"):
        train(answers(), tiny_base, tmp_path, OPTIONS)


def test_train_refuses_no_answers(tmp_path: Path, tiny_base: Base) -> None:
    with pytest.raises(TrainingError, match="no answer to train on"):
        train([], tiny_base, tmp_path, OPTIONS)


def test_release_writes_a_folder_that_loads_and_scores(tmp_path: Path, tiny_base: Base) -> None:
    short = ("never use it", "i love it")  # under five words, so that none look alike
    distinct = [replace(a, text=f"{short[i % 2]} {i}") for i, a in enumerate(answers(120))]
    out = tmp_path / "out"
    card, report = release(split(distinct), recipe(tiny_base), out, tmp_path / "work")
    model, _, read = load_model(out)
    assert read == card
    assert not model.training
    assert sum(map(sum, card.confusion)) + sum(card.unsure) == report.n == card.figures["n"]
    assert "# Model card: tiny-" in (out / "MODEL_CARD.md").read_text()
    assert {p.name for p in out.iterdir()} == {
        "MODEL_CARD.md",
        "config.json",
        "adapter.safetensors",
    }
    score = TransformerScorer.load(out).score([("", "i love the new tool")])[0]
    assert score.model == card.version


def test_release_refuses_too_few_answers(tmp_path: Path, tiny_base: Base) -> None:
    with pytest.raises(TrainingError, match="too few"):
        release(split(answers(6)), recipe(tiny_base), tmp_path / "out", tmp_path / "work")
    assert not (tmp_path / "out").exists()


def test_options_have_a_reason_beside_every_default() -> None:
    import inspect

    lines = inspect.getsource(TrainingOptions).splitlines()
    fields = [line for line in lines if "=" in line and ":" in line.split("=")[0]]
    assert len(fields) == len(TrainingOptions.__dataclass_fields__)
    assert all("#" in line for line in fields)
