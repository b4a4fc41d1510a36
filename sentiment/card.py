"""What a model folder says about itself: its `config.json`, read and written as one value.

Torch-free, so that a page or a statistic can ask for the confusion matrix, the thresholds or the
figures without loading the model.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from sentiment.encoders import Base
from sentiment.errors import WeightsError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.resistance import Confusion

WEIGHTS = Path(__file__).parent / "weights"
SHIPPED = ("full", "small")  # the folders in WEIGHTS, by which a model can be named
DEFAULT, SMALL = SHIPPED
CONFIG_FILE = "config.json"
FORMAT = 2  # Raised when an old reader would misread a new folder.
MAX_LOST = 0.5  # points of stance macro-F1 that speed may cost
FEW_HELD_OUT = 30  # fewer answers tell less of a model than the cautious defaults

LABELS: dict[str, list[str]] = {
    "stance": list(Stance),
    "sentiment": list(Sentiment),
    "barrier": list(Barrier),
    "themes": list(Theme),
}


@dataclass(frozen=True, slots=True)
class Temperatures:
    """What each head's logits are divided by before softmax or sigmoid; 1 leaves them alone."""

    stance: float = 1.0
    sentiment: float = 1.0
    barrier: float = 1.0
    themes: float = 1.0
    safeguarding: float = 1.0
    off_topic: float = 1.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a probability becomes a label.

    `stance`: below this largest stance probability an answer is unsure. `themes`, `safeguarding`,
    `off_topic`: from this probability on the label is given.
    """

    stance: float = 0.0
    themes: float = 0.5
    safeguarding: float = 0.5
    off_topic: float = 0.9


class Form(StrEnum):
    """A way to compute the encoder in fewer bits, the fastest first."""

    INT8 = "int8"
    BF16 = "bf16"


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a faster form of a model loses, on held-out answers.

    `lost` is in points of stance macro-F1 (0.3 is .803 instead of .806), `share_changed` the share
    of the answers whose stance it calls otherwise.
    """

    lost: float
    share_changed: float

    @property
    def is_good_enough(self) -> bool:
        """Whether scoring may use it."""
        return self.lost <= MAX_LOST


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model folder's description.

    `confusion[i][j]` counts held-out answers that a person labelled with stance i and the model
    with stance j, both in the order of `Stance`; answers left unsure are not in it but in
    `unsure[i]`. `narrow` holds what each form that was measured loses, `figures` maps a name to a
    number; all are measured on the held-out answers.
    """

    version: str
    base: Base
    languages: tuple[str, ...] = ("en",)
    lora_rank: int = 16
    lora_alpha: float = 32.0
    trained_blocks: int = 6
    max_tokens: int = 192
    adapter_sha256: str = ""
    temperatures: Temperatures = field(default_factory=Temperatures)
    thresholds: Thresholds = field(default_factory=Thresholds)
    confusion: tuple[tuple[int, ...], ...] = ()
    unsure: tuple[int, ...] = ()
    narrow: dict[str, Narrow] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    def resistance(self) -> Confusion:
        """How well the model knows resistance; cautious where too few answers were held out.

        Raises WeightsError for a model no better than chance.
        """
        resistant, *others = self.confusion or ((0,),)
        n_resistant, n_others = sum(resistant), sum(map(sum, others))
        if min(n_resistant, n_others) < FEW_HELD_OUT:
            return Confusion()
        wrong = sum(row[0] for row in others)
        try:
            return Confusion(resistant[0] / n_resistant, 1 - wrong / n_others)
        except ValueError:
            raise WeightsError(
                f"The model {self.version} knows resistance no better than chance: train again."
            ) from None

    def write(self, folder: Path) -> None:
        """The folder's `config.json` says what this card says."""
        content = {"format": FORMAT, "labels": LABELS, **asdict(self)}
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")


def model_folder(model: str | Path = DEFAULT) -> Path:
    """The folder of a model: a shipped one by its name, another by its path."""
    return WEIGHTS / model if str(model) in SHIPPED else Path(model)


def read_card(model: str | Path = DEFAULT) -> ModelCard:
    """The card of a model, as `model_folder` finds it.

    Raises WeightsError where `config.json` is missing, damaged, or written for other labels.
    """
    path = model_folder(model) / CONFIG_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise WeightsError(
            f"{path} was not found: name {' or '.join(SHIPPED)}, or a folder that "
            "`bellwether model train` wrote."
        ) from None
    except ValueError:
        raise WeightsError(f"{path} is not JSON: restore the file or train again.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise WeightsError(f"{path} is not a model description of format {FORMAT}: train again.")
    if content.get("labels") != LABELS:
        raise WeightsError(f"{path} was written for other labels than this version's: train again.")
    try:
        return _card(content)
    except (KeyError, TypeError, ValueError):
        raise WeightsError(f"{path} lacks a value or holds a wrong one: restore it.") from None


def _card(content: dict[str, Any]) -> ModelCard:
    return ModelCard(
        version=str(content["version"]),
        base=Base(**content["base"]),
        languages=tuple(content["languages"]),
        lora_rank=int(content["lora_rank"]),
        lora_alpha=float(content["lora_alpha"]),
        trained_blocks=int(content["trained_blocks"]),
        max_tokens=int(content["max_tokens"]),
        adapter_sha256=str(content["adapter_sha256"]),
        temperatures=Temperatures(**content["temperatures"]),
        thresholds=Thresholds(**content["thresholds"]),
        confusion=tuple(tuple(row) for row in content["confusion"]),
        unsure=tuple(content["unsure"]),
        narrow={name: Narrow(**lost) for name, lost in content["narrow"].items()},
        figures=dict(content["figures"]),
    )
