"""Faster forms of a model: the encoder's linear layers in 8 bits or in bfloat16.

Which of them a machine has is asked of the machine; whether one is good enough was measured when
the model was made and stands on its card. bfloat16 can be measured on any machine, because it is
rounding and nothing else; it is fast only where the processor knows it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sentiment.card import Form, ModelCard
from sentiment.model import AnswerModel


def chosen(card: ModelCard, forms: Sequence[Form]) -> Form | None:
    """The fastest of the forms that the card allows; None is 32 bits."""
    allowed = (f for f in Form if f in forms and f in card.narrow)
    return next((f for f in allowed if card.narrow[f].is_good_enough), None)


def available() -> list[Form]:
    """The forms that this machine computes faster than 32 bits."""
    found = []
    if "x86" in torch.backends.quantized.supported_engines:
        found.append(Form.INT8)
    if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported():
        found.append(Form.BF16)
    return found


def narrowed(model: AnswerModel, form: Form | None) -> AnswerModel:
    """The model in this form; it is changed in place."""
    if form is Form.INT8:
        _quantise(model.encoder)
    elif form is Form.BF16:
        model.compute_type = torch.bfloat16
    return model


def rounded(model: AnswerModel) -> AnswerModel:
    """The model with every linear layer of the encoder rounding as bfloat16 does, in 32 bits.

    Weights, inputs and outputs are rounded, sums are not: as processors do it. For measuring only.
    """
    for layer in model.encoder.modules():
        if isinstance(layer, nn.Linear):
            layer.weight.data = _round(layer.weight.data)
            layer.register_forward_pre_hook(_round_input)
            layer.register_forward_hook(_round_output)
    return model


def _quantise(encoder: nn.Module) -> None:
    """Weights by output channel, activations by batch."""
    from torch.ao import quantization

    with warnings.catch_warnings():
        # Its successor needs a compiler on the machine that scores; the pinned torch has it still.
        warnings.filterwarnings("ignore", message=".*deprecated")
        quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
            encoder,
            {nn.Linear: quantization.per_channel_dynamic_qconfig},
            dtype=torch.qint8,
            inplace=True,
        )


def _round(values: Tensor) -> Tensor:
    return values.bfloat16().float()


def _round_input(_: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...]:
    return (_round(given[0]), *given[1:])


def _round_output(_: nn.Module, __: tuple[Any, ...], output: Tensor) -> Tensor:
    return _round(output)
