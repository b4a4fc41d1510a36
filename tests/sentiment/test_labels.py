"""The code book's promises: order, refusals, and that it loads nothing heavy."""

import subprocess
import sys

import pytest

from sentiment.labels import Barrier, Score, Sentiment, Stance, Status, Theme


@pytest.mark.parametrize(
    "modules",
    ["sentiment", "sentiment.labels", "sentiment.card", "bot.commands.score, bot.commands.model"],
)
def test_import_loads_no_model_library(modules: str) -> None:
    code = (
        f"import sys, {modules}\n"
        "print(*{'torch', 'transformers', 'peft', 'tokenizers', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_enums_have_the_members_of_the_annotation_guide() -> None:
    assert list(Stance) == ["resistant", "ambivalent", "neutral", "supportive"]
    assert list(Sentiment) == ["negative", "neutral", "positive"]
    assert len(Barrier) == 6
    assert len(Theme) == 12


def test_unscored_has_neither_labels_nor_probabilities() -> None:
    score = Score.unscored(Status.EMPTY, "m")
    assert (score.stance, score.p_stance, score.p_resistant) == (None, (), None)
    assert not score.safeguarding


@pytest.mark.parametrize("status", [Status.SCORED, Status.UNSURE, Status.OFF_TOPIC])
def test_unscored_refuses_a_status_that_has_probabilities(status: Status) -> None:
    with pytest.raises(ValueError, match="needs probabilities"):
        Score.unscored(status, "m")
