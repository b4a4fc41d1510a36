"""The encoder with its heads, and the folder it is kept in.

What is committed is small: a low-rank adapter and the heads. `sentiment.encoders` knows where the
base encoder's files are. No pickle is ever read and nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from sentiment.card import DEFAULT, ModelCard, model_folder, read_card
from sentiment.encoders import folder_of, sha256
from sentiment.errors import WeightsError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.network import encoder_tensors, merge, read_tensors, scoring_encoder
from sentiment.text import for_model, normalise

ADAPTER_FILE = "adapter.safetensors"
MAX_READ_CHARACTERS = 8_000  # 256 tokens end long before; keeps a pasted book out of the tokeniser.
# Every linear layer of an encoder block, by the names that BERT, RoBERTa and MPNet give them.
LORA_TARGETS = ("query", "key", "value", "dense", "q", "k", "v", "o")

HEADS = {
    "stance": len(Stance),
    "sentiment": len(Sentiment),
    "barrier": len(Barrier),
    "themes": len(Theme),
    "safeguarding": 1,
    "off_topic": 1,
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids, attention mask, segment ids, and where the answer's own tokens are.

    Each is [n_texts, n_tokens] int64.
    """

    ids: Tensor
    mask: Tensor
    segments: Tensor
    answer: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


class PairReader:
    """Turns (question, text) pairs into token ids, truncated to `max_tokens` in all."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception:  # the library raises bare Exception for a missing or damaged file
            raise WeightsError(
                f"{folder}/tokenizer.json is missing or damaged: restore the encoder's folder."
            ) from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens, strategy="longest_first")

    def encode(self, pairs: list[tuple[str, str]]) -> list[Encoding]:
        """One encoding a pair, in order, unpadded."""
        return self._tokenizer.encode_batch([(_readable(q), _readable(t)) for q, t in pairs])

    @staticmethod
    def collate(encodings: list[Encoding]) -> Batch:
        """The encodings as one batch, padded on the right to the longest."""
        longest = max(len(e.ids) for e in encodings)

        def padded(rows: list[list[int]]) -> Tensor:
            return torch.tensor([row + [0] * (longest - len(row)) for row in rows])

        return Batch(
            ids=padded([e.ids for e in encodings]),
            mask=padded([e.attention_mask for e in encodings]),
            segments=padded([e.type_ids for e in encodings]),
            answer=padded([[int(s == 1) for s in e.sequence_ids] for e in encodings]),
        )


class AnswerModel(nn.Module):
    """An encoder, and one linear head for each kind of label on what it pools.

    Pooled are the first token, the mean of the answer's tokens and the mean of all others side by
    side, so that a bare "No." is not drowned by a long question.
    """

    def __init__(self, encoder: nn.Module, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        config: Any = encoder.config
        width = 3 * int(config.hidden_size)
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in HEADS.items()})
        self.compute_type = torch.float32  # of the encoder; the heads are always in 32 bits
        self._segmented = int(getattr(config, "type_vocab_size", 0)) > 1

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Logits by head: [n_texts, n_labels] float32; the last two heads have one column."""
        extra = {"token_type_ids": batch.segments} if self._segmented else {}
        narrow = self.compute_type is not torch.float32
        with torch.autocast("cpu", self.compute_type, enabled=narrow) if narrow else nullcontext():
            states = self.encoder(
                input_ids=batch.ids, attention_mask=batch.mask, **extra
            ).last_hidden_state.float()
        others = batch.mask - batch.answer
        pooled = torch.cat(
            [states[:, 0], _mean(states, batch.answer), _mean(states, others)], dim=1
        )
        return {name: head(self.dropout(pooled)) for name, head in self.heads.items()}


def load_model(model: str | Path = DEFAULT) -> tuple[AnswerModel, PairReader, ModelCard]:
    """A model as `model_folder` finds it, adapter merged in, ready to score.

    Raises WeightsError where a file is missing, damaged, or not the one the card names.
    """
    place = model_folder(model)
    card = read_card(place)
    path = place / ADAPTER_FILE
    if sha256(path) != card.adapter_sha256:
        raise WeightsError(
            f"{path} is damaged or from another model (its sha256 differs from the card's): "
            "restore the folder from version control, or train again."
        )
    folder, fitted = folder_of(card.base), read_tensors(path)
    tensors = encoder_tensors(folder, card.base.blocks)
    heads = {n.removeprefix("heads."): t for n, t in fitted.items() if n.startswith("heads.")}
    try:
        merge(tensors, fitted, card.lora_alpha / card.lora_rank)
        whole = AnswerModel(scoring_encoder(folder, tensors, card.base.blocks))
        whole.heads.load_state_dict(heads)
    except (KeyError, RuntimeError):
        raise WeightsError(
            f"{path} does not fit the encoder it names: restore the folder, or train again."
        ) from None
    return whole.eval().requires_grad_(False), PairReader(folder, card.max_tokens), card


def save_adapter(folder: Path, tensors: Mapping[str, Tensor]) -> str:
    """The folder holds the adapter and heads; returns the file's sha256."""
    folder.mkdir(parents=True, exist_ok=True)
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, folder / ADAPTER_FILE)
    (folder / ADAPTER_FILE).chmod(0o644)  # the library leaves it readable to its owner alone
    return sha256(folder / ADAPTER_FILE)


def _mean(states: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen tokens; zeros where none is chosen."""
    weight = chosen.unsqueeze(-1).to(states.dtype)
    return (states * weight).sum(1) / weight.sum(1).clamp(min=1)


def _readable(text: str) -> str:
    return for_model(normalise(text[:MAX_READ_CHARACTERS]))
