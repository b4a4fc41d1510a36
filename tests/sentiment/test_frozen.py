"""What is remembered of the frozen blocks is what they would say again."""

from pathlib import Path

import pytest
import torch

from sentiment.encoders import Base
from sentiment.errors import TrainingError
from sentiment.frozen import FrozenBlocks, blocks
from sentiment.model import AnswerModel, PairReader
from sentiment.network import load_encoder

PAIRS = [
    ("how do you use the new tool ?", "i love it ."),
    ("", "no ."),
    ("when is training ?", "never , we need time and paper for the old form and the new form"),
]


def made(base: Base) -> tuple[AnswerModel, PairReader]:
    torch.manual_seed(0)
    encoder, folder = load_encoder(base)
    return AnswerModel(encoder).eval(), PairReader(Path(folder), 64)


@pytest.mark.parametrize("n", [0, 1])
def test_frozen_blocks_give_what_the_whole_model_gives(tiny_base: Base, n: int) -> None:
    model, reader = made(tiny_base)
    encodings = reader.encode(PAIRS)
    batch = PairReader.collate(encodings)
    with torch.inference_mode():
        expected = model(batch)
        frozen = FrozenBlocks(model, n)
        frozen.remember(encodings)
        model.eval()
        frozen.recall([0, 1, 2], batch.ids.shape[1])
        found = model(batch)
    for name, values in expected.items():
        assert torch.allclose(found[name], values, atol=2e-3), name  # remembered in 16 bits


def test_frozen_blocks_are_not_run_again(tiny_base: Base) -> None:
    model, reader = made(tiny_base)
    encodings = reader.encode(PAIRS)
    lowest = blocks(model.encoder)[0]
    frozen = FrozenBlocks(model, 1)
    frozen.remember(encodings)
    runs: list[int] = []
    lowest.register_forward_hook(lambda *_: runs.append(1))
    frozen.recall([2], len(encodings[2].ids))
    model(PairReader.collate([encodings[2]]))
    assert runs == []
    assert len(blocks(model.encoder)) == 2  # names of what is trained stay what they were


@pytest.mark.parametrize("n", [-1, 2])
def test_frozen_blocks_refuse_to_freeze_all_or_less_than_none(tiny_base: Base, n: int) -> None:
    model, _ = made(tiny_base)
    with pytest.raises(TrainingError, match="has 2 blocks"):
        FrozenBlocks(model, n)


def test_blocks_refuse_an_encoder_without_any() -> None:
    with pytest.raises(TrainingError, match="no list of blocks"):
        blocks(torch.nn.Linear(2, 2))
