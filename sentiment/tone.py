"""A plain tone model, as a yardstick: what reading the tone alone would say of a stance.

A linear head on a frozen sentence encoder, fitted on GoEmotions (Demszky et al. 2020), comments by
strangers about anything. It scores nobody; `model evaluate` shows what is gained over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sentiment.card import WEIGHTS
from sentiment.encoders import MINILM, folder_of
from sentiment.labels import Sentiment
from sentiment.model import PairReader
from sentiment.network import encoder_tensors, read_tensors, scoring_encoder

HEAD = WEIGHTS / "tone" / "head.safetensors"
TONES = tuple(Sentiment)  # the order of the head's columns
_MAX_TOKENS = 128
_BATCH = 32


class ToneModel:
    """The encoder's mean over all tokens, at length 1, and the head that `bench.tone_head` fits."""

    def __init__(self) -> None:
        folder = folder_of(MINILM)
        self._encoder = scoring_encoder(folder, encoder_tensors(folder))
        self._reader = PairReader(folder, _MAX_TOKENS)

    def embed(self, texts: Sequence[str]) -> Tensor:
        """[n, width] float32, rows of length 1, in the order of the texts."""
        encodings = self._reader.encode([("", text) for text in texts])
        order = sorted(range(len(texts)), key=lambda i: -len(encodings[i].ids))
        rows: list[Tensor] = [torch.empty(0)] * len(texts)
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            batch = PairReader.collate([encodings[i] for i in chosen])
            with torch.inference_mode():
                states = self._encoder(batch.ids, attention_mask=batch.mask).last_hidden_state
            mask = batch.mask.unsqueeze(-1).float()
            means = (states.float() * mask).sum(1) / mask.sum(1)
            for i, row in zip(chosen, torch.nn.functional.normalize(means, dim=1), strict=True):
                rows[i] = row
        return torch.stack(rows)

    def probabilities(self, texts: Sequence[str], head: Path = HEAD) -> NDArray[np.float64]:
        """[n, 3] in the order of `TONES`, rows sum to 1. Raises WeightsError for a damaged head."""
        tensors = read_tensors(head)
        logits = self.embed(texts) @ tensors["weight"].T + tensors["bias"]
        return np.asarray(logits.double().softmax(1).numpy())
