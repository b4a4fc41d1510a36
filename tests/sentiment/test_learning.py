"""Answers of an organisation's own: learned from, measured apart, and never mixed with the test."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sentiment.card import read_card
from sentiment.data import Answer, Split
from sentiment.encoders import Base
from sentiment.errors import DataError, TrainingError
from sentiment.labels import Barrier, Sentiment, Stance
from sentiment.learning import FEWEST, learn
from sentiment.likeness import split
from sentiment.model import ADAPTER_FILE
from sentiment.network import read_tensors
from sentiment.release import Recipe, evaluate, release
from sentiment.scorer import TransformerScorer
from sentiment.training import TrainingOptions

OPTIONS = TrainingOptions(
    epochs=2, batch_size=8, lora_rank=2, trained_blocks=1, bfloat16=False, rate_heads=2e-2
)


def answers(name: str, n: int, against: str, fond: str) -> list[Answer]:
    """Half resistant, half supportive; under five words, so that none look alike."""
    made = []
    for i in range(n):
        resists = i % 2 == 0
        labels = (
            (Stance.RESISTANT, Sentiment.NEGATIVE, Barrier.DESIRE)
            if resists
            else (Stance.SUPPORTIVE, Sentiment.POSITIVE, Barrier.NONE)
        )
        text = f"{against if resists else fond} {i}"
        made.append(Answer(f"{name}-{i}", "", text, *labels, (), False))
    return made


@pytest.fixture(scope="module")
def corpus() -> Split:
    return split(answers("old", 150, "never use it", "i love it"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_base: Base, corpus: Split) -> Path:
    place = tmp_path_factory.mktemp("models")
    release(corpus, Recipe(tiny_base, OPTIONS), place / "old", place / "work")
    return place / "old"


def test_learn_goes_on_from_the_model_and_tells_what_it_brought(
    folder: Path, corpus: Split, tmp_path: Path
) -> None:
    own = answers("own", 120, "we need paper", "what training")
    eager = replace(OPTIONS, epochs=12, rate_adapter=0.02, rate_heads=0.2)
    card, gain = learn(
        own, corpus, str(folder), tmp_path / "new", tmp_path / "work", None, 1, eager
    )
    assert read_card(tmp_path / "new") == card
    assert card.version != read_card(folder).version
    assert gain.own_before.n == gain.own_after.n == len(split(own).test)
    assert gain.old_before.n == gain.old_after.n == len(corpus.test)
    for report, model in ((gain.own_before, folder), (gain.own_after, tmp_path / "new")):
        again = evaluate(TransformerScorer.load(model), split(own).test)
        assert report.values() == again.values()
    assert gain.own_after.figures["stance_auroc"].value > 0.9  # learned
    assert gain.old_after.figures["stance_auroc"].value > 0.9  # and not forgotten


def test_learn_starts_from_the_weights_of_the_model(
    folder: Path, corpus: Split, tmp_path: Path
) -> None:
    still = replace(OPTIONS, epochs=1, rate_adapter=0.0, rate_heads=0.0)
    own = answers("own", 120, "i love paper", "never use paper")
    learn(own, corpus, str(folder), tmp_path / "new", tmp_path / "work", None, 1, still)
    old, new = (read_tensors(f / ADAPTER_FILE) for f in (folder, tmp_path / "new"))
    assert all(torch.equal(old[name], new[name]) for name in old)


def test_learn_refuses_too_few(folder: Path, corpus: Split, tmp_path: Path) -> None:
    own = answers("own", FEWEST - 1, "i love paper", "never use paper")
    with pytest.raises(TrainingError, match="too few to learn from: label 60 or more"):
        learn(own, corpus, str(folder), tmp_path / "new", tmp_path / "work")
    assert not (tmp_path / "new").exists()


def test_learn_refuses_what_the_test_answers_hold(
    folder: Path, corpus: Split, tmp_path: Path
) -> None:
    own = [replace(a, id=f"own-{a.id}") for a in corpus]
    with pytest.raises(DataError, match="repeats the question"):
        learn(own, corpus, str(folder), tmp_path / "new", tmp_path / "work")
    assert not (tmp_path / "new").exists()
