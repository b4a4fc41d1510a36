"""Faster forms are used where they were measured to be good enough, and nowhere else."""

from dataclasses import replace

import pytest
import torch

from sentiment.card import Form, Narrow, read_card
from sentiment.encoders import Base
from sentiment.model import AnswerModel, PairReader
from sentiment.narrowing import chosen, narrowed, rounded
from sentiment.network import load_encoder

GOOD, BAD = Narrow(0.5, 0.01), Narrow(0.51, 0.01)
PAIRS = [("how do you use the new tool ?", "i love it ."), ("", "we will never use paper")]


def made(base: Base) -> tuple[AnswerModel, PairReader]:
    torch.manual_seed(0)
    encoder, folder = load_encoder(base)
    return AnswerModel(encoder).eval(), PairReader(folder, 64)


@pytest.mark.parametrize(
    ("measured", "here", "expected"),
    [
        ({"int8": GOOD, "bf16": GOOD}, [Form.BF16, Form.INT8], Form.INT8),
        ({"int8": BAD, "bf16": GOOD}, [Form.BF16, Form.INT8], Form.BF16),
        ({"int8": BAD, "bf16": GOOD}, [Form.INT8], None),
        ({"int8": GOOD}, [], None),
        ({}, [Form.BF16, Form.INT8], None),
    ],
)
def test_chosen_is_the_fastest_that_machine_and_card_allow(
    measured: dict[str, Narrow], here: list[Form], expected: Form | None
) -> None:
    assert chosen(replace(read_card(), narrow=measured), here) is expected


@pytest.mark.parametrize("form", list(Form))
def test_narrowed_gives_nearly_what_the_model_gives(tiny_base: Base, form: Form) -> None:
    exact, reader = made(tiny_base)
    fast = narrowed(made(tiny_base)[0], form)
    batch = PairReader.collate(reader.encode(PAIRS))
    with torch.inference_mode():
        one, other = exact(batch), fast(batch)
    for name, values in one.items():
        assert torch.allclose(other[name], values, atol=0.1), name
        assert not torch.equal(other[name], values)


def test_rounded_gives_what_bfloat16_gives(tiny_base: Base) -> None:
    exact, reader = made(tiny_base)
    batch = PairReader.collate(reader.encode(PAIRS))
    with torch.inference_mode():
        expected = narrowed(made(tiny_base)[0], Form.BF16)(batch)
        found, whole = rounded(made(tiny_base)[0])(batch), exact(batch)
    for name, values in expected.items():
        assert (found[name] - values).abs().max() < 0.03
        assert not torch.equal(found[name], whole[name])
