"""`bellwether model evaluate`: what it prints, and what only when it is asked to."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import model
from sentiment.encoders import Base
from tests.sentiment.conftest import tiny_base as tiny_base  # a small encoder, for all tests
from tests.sentiment.test_training import answers


@pytest.fixture(scope="module")
def folder(tiny_base: Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was hardly trained, and so is wrong often."""
    work = tmp_path_factory.mktemp("model")
    texts = ("never use it", "i love it")  # under five words, so that none look alike
    rows = [{**asdict(each), "text": f"{texts[i % 2]} {i}"} for i, each in enumerate(answers(120))]
    (work / "answers.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = {"--out": work / "out", "--work": work / "work", "--corpus": work, "--epochs": 1}
    words = [str(word) for pair in options.items() for word in pair]
    result = CliRunner().invoke(model.app, ["train", "--base", tiny_base.folder, *words])
    assert result.exit_code == 0, result.output
    return work / "out"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    stances = ("resistant", "ambivalent", "neutral", "supportive")
    rows = [
        {
            "id": f"a-{i}",
            "question": "",
            "text": f"quite unmistakable {i}",
            "stance": stances[i % 4],
            "sentiment": "neutral",
            "barrier": "none",
            "themes": [],
            "safeguarding": False,
            "phenomenon": "irony",
        }
        for i in range(40)
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def evaluate(*arguments: object) -> Result:
    words = ["evaluate", *map(str, arguments)]
    return CliRunner().invoke(model.app, words, env={"COLUMNS": "140"})


def test_train_ends_with_the_model_card_as_a_page(folder: Path) -> None:
    page = (folder / "MODEL_CARD.html").read_text(encoding="utf-8")
    assert "VADER, a word list" in page
    assert "neither learned from" in page


def test_evaluate_prints_figures_slices_errors_and_yardsticks(folder: Path, file: Path) -> None:
    result = evaluate(file, "--model", folder)
    assert result.exit_code == 0, result.output
    for words in ("macro", "irony", "how often right", "the worst errors", "VADER, a word list"):
        assert words in result.output
    assert "unmistakable" not in result.output


def test_evaluate_prints_texts_and_writes_the_page_when_asked(folder: Path, file: Path) -> None:
    page = file.with_name("card.html")
    result = evaluate(file, "--model", folder, "--show-texts", "--card", page)
    assert result.exit_code == 0, result.output
    assert "quite unmistakable" in result.output
    written = page.read_text(encoding="utf-8")
    assert "the 40 answers of answers.jsonl" in written
    assert "unmistakable" not in written


def test_evaluate_says_where_the_page_cannot_be_written(folder: Path, file: Path) -> None:
    result = evaluate(file, "--model", folder, "--card", file / "card.html")
    assert result.exit_code == 2
    assert "can't be written" in result.output
