"""The agreement of two readings, and that the datasheet tells it as it is."""

import json
from pathlib import Path

import numpy as np
import pytest

from sentiment.agreement import READINGS, agreements, kappa
from sentiment.data import CORPUS
from sentiment.likeness import read_corpus


def test_agreements_match_by_id_and_count_chance(tmp_path: Path) -> None:
    one = [("a", "resistant"), ("b", "neutral"), ("c", "neutral"), ("d", "supportive")]
    other = [("d", "supportive"), ("c", "resistant"), ("b", "neutral"), ("a", "resistant")]
    for name, rows in (("author", one), ("blind", other)):
        lines = [
            {"id": i, "stance": s, "sentiment": "neutral", "barrier": "none", "themes": ["tools"]}
            for i, s in rows
        ] + [{"id": f"only-{name}", "stance": "neutral", "sentiment": "neutral",
              "barrier": "none", "themes": []}]  # fmt: skip
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    stance, *_, themes = agreements(tmp_path)
    assert (stance.head, stance.n, stance.alike) == ("stance", 4, 0.75)
    assert stance.kappa == pytest.approx((0.75 - 5 / 16) / (1 - 5 / 16))
    assert (themes.alike, themes.f1) == (1.0, 1.0)


def test_kappa_is_nothing_when_agreement_is_chance() -> None:
    assert kappa(np.array([[25, 25], [25, 25]])) == 0


def test_readings_cover_every_answer_held_out() -> None:
    corpus = read_corpus()
    held_out = {answer.id for answer in (*corpus.dev, *corpus.test)}
    for name in ("author", "blind"):
        lines = (READINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert {json.loads(line)["id"] for line in lines} == held_out
        assert "text" not in json.loads(lines[0])


def test_datasheet_tells_the_agreement_and_the_sizes_as_they_are() -> None:
    text = (CORPUS / "DATASHEET.md").read_text(encoding="utf-8")
    found = agreements()
    for each in found:
        shown = [f"{each.alike:.3f}", f"{each.f1:.3f}"]
        shown += [f"{each.kappa:.3f}"] if each.kappa is not None else []
        [row] = [line for line in text.splitlines() if line.startswith(f"| {each.head} | .")]
        assert all(figure.removeprefix("0") in row for figure in shown), each
    corpus = read_corpus()
    for name, part in (("train", corpus.train), ("dev", corpus.dev), ("test", corpus.test)):
        assert f"| `{name}` | {len(part):,} |" in text
    assert f"{len(list(corpus)):,} English answers" in text
