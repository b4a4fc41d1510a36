"""The encoder with its heads, and the folder it is kept in.

What is committed is small: a low-rank adapter and the heads. `sentiment.encoders` knows where the
base encoder's files are. No pickle is ever read and nothing is ever downloaded.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from sentiment.card import DEFAULT, ModelCard, model_folder, read_card
from sentiment.encoders import WEIGHTS_FILE, Base, folder_of, sha256
from sentiment.errors import WeightsError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.text import for_model, normalise

if TYPE_CHECKING:
    from transformers import PreTrainedModel

ADAPTER_FILE = "adapter.safetensors"
MAX_READ_CHARACTERS = 8_000  # 256 tokens end long before; keeps a pasted book out of the tokeniser.
# Every linear layer of an encoder block, by the names that BERT, RoBERTa and MPNet give them.
LORA_TARGETS = ("query", "key", "value", "dense", "q", "k", "v", "o")
_BUILT_HERE = {"bert": "Bert", "mpnet": "MPNet"}

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

    def __init__(self, encoder: PreTrainedModel, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        width = 3 * int(encoder.config.hidden_size)
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in HEADS.items()})
        self.compute_type = torch.float32  # of the encoder; the heads are always in 32 bits
        self._segmented = int(getattr(encoder.config, "type_vocab_size", 0)) > 1

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


def load_encoder(base: Base) -> tuple[PreTrainedModel, Path]:
    """The base encoder in float32 and its folder, after its file's sha256 was checked.

    Raises WeightsError where the file is missing, damaged or another than the one named.
    """
    folder = folder_of(base)
    return _read_encoder(folder), folder


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
    encoder, base_folder = load_encoder(card.base)
    whole = AnswerModel(encoder)
    _apply(whole, read_tensors(path), card, path)
    return whole.eval().requires_grad_(False), PairReader(base_folder, card.max_tokens), card


def save_adapter(folder: Path, tensors: Mapping[str, Tensor]) -> str:
    """The folder holds the adapter and heads; returns the file's sha256."""
    folder.mkdir(parents=True, exist_ok=True)
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, folder / ADAPTER_FILE)
    (folder / ADAPTER_FILE).chmod(0o644)  # the library leaves it readable to its owner alone
    return sha256(folder / ADAPTER_FILE)


def _apply(model: AnswerModel, tensors: dict[str, Tensor], card: ModelCard, path: Path) -> None:
    """Merges W + B·A·(alpha / rank) into each adapted layer and fills the heads (Hu et al. 2021).

    By hand, because importing peft for three lines costs a second and a hundred megabytes.
    """
    scale = card.lora_alpha / card.lora_rank
    state = model.state_dict()
    try:
        with torch.no_grad():
            for name, tensor in tensors.items():
                if name.endswith(".lora_A"):
                    layer = name.removesuffix(".lora_A")
                    state[f"encoder.{layer}.weight"] += tensors[f"{layer}.lora_B"] @ tensor * scale
                elif name.startswith("heads."):
                    state[name].copy_(tensor)
    except (KeyError, RuntimeError):
        raise WeightsError(
            f"{path} does not fit the encoder it names: restore the folder, or train again."
        ) from None


def _read_encoder(folder: Path) -> PreTrainedModel:
    """BERT and MPNet are built by their own classes: the Auto classes import four times as much."""
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        encoder = _empty_encoder(kind, folder)
        tensors = read_tensors(folder / WEIGHTS_FILE)
        known = {k: v for k, v in tensors.items() if not k.startswith("pooler.")}
        known.pop("embeddings.position_ids", None)
        encoder.load_state_dict(known, strict=str(kind.get("model_type")) in _BUILT_HERE)
    except (OSError, ValueError, TypeError, RuntimeError, AttributeError):
        raise WeightsError(
            f"{folder} does not hold an encoder that can be used: its config.json and "
            f"{WEIGHTS_FILE} must be of one model, as transformers saves it."
        ) from None
    return encoder


def _empty_encoder(kind: dict[str, Any], folder: Path) -> PreTrainedModel:
    model_type = str(kind.get("model_type"))
    if model_type not in _BUILT_HERE:
        from transformers import AutoConfig, AutoModel

        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        whole: PreTrainedModel = AutoModel.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
        return whole
    module = importlib.import_module(f"transformers.models.{model_type}")
    name = _BUILT_HERE[model_type]
    config = getattr(module, f"{name}Config")(**kind)
    built: PreTrainedModel = getattr(module, f"{name}Model")(config, add_pooling_layer=False)
    return built


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file. Raises WeightsError where it is damaged or missing."""
    try:
        return load_file(path)
    except (SafetensorError, OSError):
        raise WeightsError(
            f"{path} is damaged or cut short: restore the file, or install it again."
        ) from None


def _mean(states: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen tokens; zeros where none is chosen."""
    weight = chosen.unsqueeze(-1).to(states.dtype)
    return (states * weight).sum(1) / weight.sum(1).clamp(min=1)


def _readable(text: str) -> str:
    return for_model(normalise(text[:MAX_READ_CHARACTERS]))
