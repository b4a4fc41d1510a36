"""The lower blocks of an encoder, frozen: run once for every answer, then remembered.

Training only the upper half costs half, and what the frozen half says of an answer never changes,
so each further epoch costs half of that again. The price is memory: two bytes for each number, some
60 KB an answer at a width of 768. Works for any encoder whose blocks are one `nn.ModuleList`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from tokenizers import Encoding
from torch import Tensor, nn

from sentiment.errors import TrainingError
from sentiment.model import AnswerModel, PairReader

_BATCH = 16


class FrozenBlocks:
    """The first `n` blocks of a model's encoder, answered for from memory.

    From `remember` on, the model's forward pass starts at block `n` with what `recall` laid ready.
    """

    def __init__(self, model: AnswerModel, n: int) -> None:
        self._model, self._blocks, self._n = model, blocks(model.encoder), n
        if not 0 <= n < len(self._blocks):
            raise TrainingError(
                f"The encoder has {len(self._blocks)} blocks: train at least one, and at most all."
            )
        self._memory: list[Tensor] = []
        self._ready = _Ready()

    def remember(self, encodings: Sequence[Encoding]) -> None:
        """What the frozen blocks say of these texts is in memory, and the blocks are let go."""
        if self._n == 0:
            return
        self._memory = [torch.empty(0)] * len(encodings)
        order = sorted(range(len(encodings)), key=lambda i: -len(encodings[i].ids))
        handle = self._blocks[self._n - 1].register_forward_hook(self._ready.hear)
        upper = [self._blocks[i] for i in range(self._n, len(self._blocks))]
        del self._blocks[self._n :]
        self._model.eval()
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            with torch.inference_mode():
                self._model(PairReader.collate([encodings[i] for i in rows]).to(self._device))
            for row, i in enumerate(rows):
                self._memory[i] = self._ready.states[row, : len(encodings[i].ids)].half().cpu()
        handle.remove()
        for i in range(self._n):
            self._blocks[i] = self._ready
        self._blocks.extend(upper)

    def recall(self, rows: Sequence[int], n_tokens: int) -> None:
        """The next forward pass goes on from what is remembered of these texts, padded."""
        if self._n == 0:
            return
        width = self._memory[rows[0]].shape[-1]
        states = torch.zeros(len(rows), n_tokens, width)
        for row, i in enumerate(rows):
            states[row, : len(self._memory[i])] = self._memory[i].float()
        self._ready.states = states.to(self._device)

    @property
    def _device(self) -> torch.device:
        return next(self._model.heads.parameters()).device


def blocks(encoder: nn.Module) -> nn.ModuleList:
    """The encoder's blocks. Raises TrainingError where they are not one list."""
    lists = [module for module in encoder.modules() if isinstance(module, nn.ModuleList)]
    if not lists:
        raise TrainingError("The encoder has no list of blocks: name a BERT-like one.")
    return max(lists, key=len)


class _Ready(nn.Module):
    """Stands where the frozen blocks stood, and gives what they gave."""

    def __init__(self) -> None:
        super().__init__()
        self.states = torch.empty(0)
        self._in_a_tuple = False

    def hear(self, _block: nn.Module, _given: Any, answer: Any) -> None:
        """A hook on the last frozen block: keeps what it says, and how it says it."""
        self._in_a_tuple = isinstance(answer, tuple)
        self.states = answer[0] if self._in_a_tuple else answer

    def forward(self, *_: Any, **__: Any) -> Any:
        return (self.states,) if self._in_a_tuple else self.states
