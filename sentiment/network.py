"""The base encoder as a network: the library's own to train, the shortest way to a score.

Reads safetensors and `config.json` from a folder that `sentiment.encoders` found and checked. No
pickle is ever read and nothing is ever downloaded.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from sentiment import bert
from sentiment.encoders import WEIGHTS_FILE, Base, folder_of
from sentiment.errors import WeightsError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_CLASSES = {"bert": "Bert", "mpnet": "MPNet"}
_BLOCK = re.compile(r"\blayer\.(\d+)\.")


def load_encoder(base: Base) -> tuple[PreTrainedModel, Path]:
    """The base encoder in float32, as the library has it, and its folder: to be trained.

    Raises WeightsError where the file is missing, damaged or another than the one named.
    """
    folder = folder_of(base)
    tensors = encoder_tensors(folder, base.blocks)
    with _of_one_encoder(folder):
        return _by_library(_settings(folder, base.blocks), tensors, folder), folder


def scoring_encoder(folder: Path, tensors: Mapping[str, Tensor], n_blocks: int = 0) -> nn.Module:
    """The encoder with these weights, by the shortest way there is for its kind.

    Raises WeightsError where the weights do not fit the folder's settings.
    """
    with _of_one_encoder(folder):
        settings = _settings(folder, n_blocks)
        if settings["model_type"] in bert.KINDS:
            return bert.Encoder(settings, tensors).eval()
        whole: nn.Module = _by_library(settings, tensors, folder)
        return whole.eval()


def encoder_tensors(folder: Path, n_blocks: int = 0) -> dict[str, Tensor]:
    """An encoder's weights by the names they are kept under, less what nobody here uses.

    Of its blocks the lowest `n_blocks`, or all where that is 0.
    """
    tensors = read_tensors(folder / WEIGHTS_FILE)
    tensors.pop("embeddings.position_ids", None)
    return {name: t for name, t in tensors.items() if _is_used(name, n_blocks)}


def _is_used(name: str, n_blocks: int) -> bool:
    block = _BLOCK.search(name)
    above = block is not None and 0 < n_blocks <= int(block[1])
    return not (above or name.startswith("pooler."))


def merge(tensors: dict[str, Tensor], fitted: Mapping[str, Tensor], scale: float) -> None:
    """W + B·A·scale in place of each adapted layer's W (Hu et al. 2021).

    By hand, because importing peft for three lines costs a second and a hundred megabytes. Raises
    KeyError or RuntimeError where the adapter is of another encoder.
    """
    for name, down in fitted.items():
        if name.endswith(".lora_A"):
            layer = name.removesuffix(".lora_A")
            tensors[f"{layer}.weight"] += fitted[f"{layer}.lora_B"] @ down * scale


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file. Raises WeightsError where it is damaged or missing."""
    try:
        return load_file(path)
    except (SafetensorError, OSError):
        raise WeightsError(
            f"{path} is damaged or cut short: restore the file, or install it again."
        ) from None


def _by_library(
    settings: dict[str, Any], tensors: Mapping[str, Tensor], folder: Path
) -> PreTrainedModel:
    """BERT and MPNet are built by their own classes: the Auto classes import four times as much."""
    kind = str(settings["model_type"])
    if kind in _CLASSES:
        module = importlib.import_module(f"transformers.models.{kind}")
        config = getattr(module, f"{_CLASSES[kind]}Config")(**settings)
        whole: PreTrainedModel = getattr(module, f"{_CLASSES[kind]}Model")(
            config, add_pooling_layer=False
        )
    else:
        from transformers import AutoConfig, AutoModel

        n_blocks = {k: v for k, v in settings.items() if k == "num_hidden_layers"}
        found = AutoConfig.from_pretrained(folder, local_files_only=True, **n_blocks)
        whole = AutoModel.from_config(found, dtype=torch.float32)  # type: ignore[no-untyped-call]
    whole.load_state_dict(tensors, strict=kind in _CLASSES)
    return whole


def _settings(folder: Path, n_blocks: int) -> dict[str, Any]:
    """The folder's `config.json`. Raises WeightsError where it has fewer blocks than are asked."""
    settings: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    most = int(settings.get("num_hidden_layers", n_blocks))
    if n_blocks > most:
        raise WeightsError(f"{folder} holds {most} blocks and not {n_blocks}: ask for fewer.")
    used = {"num_hidden_layers": n_blocks} if n_blocks else {}
    return {"model_type": "", **settings, **used}


@contextmanager
def _of_one_encoder(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, AttributeError):
        raise WeightsError(
            f"{folder} does not hold an encoder that can be used: its config.json and "
            f"{WEIGHTS_FILE} must be of one model, as transformers saves it."
        ) from None
