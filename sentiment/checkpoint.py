"""The last whole epoch of a training run, as one file, so that a run can go on where it stopped.

One file and one rename: a kill at any moment leaves the epoch before. It never mixes two runs, for
what it belongs to is written into it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from sentiment.errors import TrainingError
from sentiment.model import AnswerModel

FILE = "checkpoint.safetensors"


class Checkpoint:
    """One run's folder; `belongs` is what makes two runs the same run."""

    def __init__(self, work: Path, belongs: Mapping[str, Any]) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self._path = work / FILE
        self._belongs = json.dumps(belongs, sort_keys=True)

    def restore(self, model: AnswerModel, optimizer: torch.optim.Optimizer) -> int:
        """The number of epochs done, their state now in the model and the optimiser.

        Raises TrainingError where the file is damaged or belongs to another run.
        """
        if not self._path.exists():
            return 0
        try:
            with safe_open(self._path, framework="pt") as file:
                note = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no dict)
        except (SafetensorError, OSError):
            raise TrainingError(
                f"{self._path} is damaged: remove it and train from the start."
            ) from None
        if note.get("belongs") != self._belongs:
            raise TrainingError(
                f"{self._path.parent} holds a run with other options, answers, encoder or start: "
                "resume with the same ones, or name an empty folder."
            )
        _fill(model, optimizer, tensors)
        return int(note["epochs"])

    def keep(self, model: AnswerModel, optimizer: torch.optim.Optimizer, epochs: int) -> None:
        """The file holds the state after `epochs`."""
        tensors: dict[str, Tensor] = {}
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                tensors[f"model/{name}"] = parameter.detach().cpu().contiguous()
                for key, value in optimizer.state[parameter].items():
                    tensors[f"optimizer/{key}/{name}"] = value.cpu().contiguous()
        fresh = self._path.with_suffix(".new")
        save_file(tensors, fresh, metadata={"epochs": str(epochs), "belongs": self._belongs})
        fresh.replace(self._path)


def _fill(model: AnswerModel, optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if not parameter.requires_grad:
                continue
            parameter.copy_(tensors[f"model/{name}"])
            optimizer.state[parameter] = {
                key: tensors[f"optimizer/{key}/{name}"].to(parameter.device, copy=True)
                for key in ("step", "exp_avg", "exp_avg_sq")
            }
