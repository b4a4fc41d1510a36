"""Fits the adapter and the heads: seeded, and resumable at every epoch with the same result.

Reads answers and an encoder, writes only to the work folder it is given. It neither splits the
answers nor judges the outcome; `sentiment.release` does both.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from peft import LoraConfig, inject_adapter_in_model
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from sentiment.card import Base
from sentiment.data import Answer
from sentiment.errors import TrainingError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.model import LORA_TARGETS, AnswerModel, Batch, PairReader, load_encoder

Progress = Callable[[int, int, float], None]
"""Called after every step with (steps done, steps in all, loss of the step)."""


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Everything that decides the outcome besides the answers and the encoder."""

    seed: int = 13  # Any number; this one is the one the shipped figures were measured with.
    epochs: int = 12  # Held out, barrier gains .04 and themes .02 over 8; stance stays the same.
    batch_size: int = 16  # Small enough for about a hundred steps an epoch on 1,800 answers.
    lora_rank: int = 16  # 0.66 M parameters, a file of 2.7 MB; on SST-2 as good as training all.
    lora_alpha: float = 32.0  # Twice the rank, the usual scale of 2.
    lora_dropout: float = 0.05  # A little noise: the corpus is small.
    head_dropout: float = 0.1  # As in BERT's own classification heads.
    rate_adapter: float = 1e-3  # LoRA takes ten times the rate of full fine-tuning.
    rate_heads: float = 3e-3  # Heads start from nothing and must not lag behind the encoder.
    weight_decay: float = 0.01  # BERT's own.
    share_warmup: float = 0.1  # Before the heads mean anything, large steps only do harm.
    max_norm: float = 1.0  # Clips the rare batch of outliers.
    max_tokens: int = 192  # The longest answer of the corpus with its question has 152.
    weight_sentiment: float = 0.5  # Tone comes nearly for free; stance is what we are here for.
    weight_barrier: float = 0.7  # Harder than tone and useful to stance, below it in importance.
    weight_themes: float = 6.0  # A mean over 12 mostly empty columns is small; this evens it out.
    weight_safeguarding: float = 0.5  # One column, already raised by its class weight.
    max_class_weight: float = 8.0  # Rare themes and safeguarding count more, up to this.
    label_smoothing: float = 0.05  # Annotators agree at kappa .9 or better, not at 1.
    bfloat16: bool = True  # Twice as fast where the processor has it; elsewhere ignored.


def train(
    answers: Sequence[Answer],
    base: Base,
    work: Path,
    options: TrainingOptions,
    progress: Progress | None = None,
    stop_after: int | None = None,
    n_threads: int = 1,
) -> dict[str, Tensor]:
    """The fitted adapter and heads, by name, as `save_adapter` takes them.

    Goes on from the last whole epoch in `work` if one is there; `stop_after` ends the run early
    after that many epochs in all (the schedule still being that of `options.epochs`).

    Raises TrainingError where `work` holds a run with other options, answers or encoder.
    """
    if not answers:
        raise TrainingError("There is no answer to train on: name a folder of labelled answers.")
    torch.set_num_threads(n_threads)
    torch.manual_seed(options.seed)
    encoder, folder = load_encoder(base)
    model = _with_adapter(encoder, options)
    run = _Run(model, answers, PairReader(folder, options.max_tokens), options, progress)
    checkpoint = _Checkpoint(work, options, answers, base)
    done = checkpoint.restore(model, run.optimizer)
    for epoch in range(done, min(options.epochs, stop_after or options.epochs)):
        run.epoch(epoch)
        checkpoint.keep(model, run.optimizer, epoch + 1)
    return fitted_tensors(model)


def label_tensors(answers: Sequence[Answer]) -> dict[str, Tensor]:
    """Labels by head: indices [n], or 0/1 float columns for `themes` and `safeguarding`."""
    return {
        "stance": torch.tensor([list(Stance).index(a.stance) for a in answers]),
        "sentiment": torch.tensor([list(Sentiment).index(a.sentiment) for a in answers]),
        "barrier": torch.tensor([list(Barrier).index(a.barrier) for a in answers]),
        "themes": torch.tensor([[float(t in a.themes) for t in Theme] for a in answers]),
        "safeguarding": torch.tensor([[float(a.safeguarding)] for a in answers]),
    }


def fitted_tensors(model: AnswerModel) -> dict[str, Tensor]:
    """What was trained: `<layer>.lora_A`, `<layer>.lora_B` and `heads.<name>.<weight|bias>`."""
    named: dict[str, Tensor] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        short = name.removeprefix("encoder.").removesuffix(".default.weight")
        named[name if name.startswith("heads.") else short] = parameter.detach().clone()
    return named


class _Run:
    """One training run's model, data, optimiser and schedule."""

    def __init__(
        self,
        model: AnswerModel,
        answers: Sequence[Answer],
        reader: PairReader,
        options: TrainingOptions,
        progress: Progress | None,
    ) -> None:
        self.model, self.options, self.progress = model, options, progress
        self.encodings = reader.encode([(a.question, a.text) for a in answers])
        self.targets = label_tensors(answers)
        self.weight_themes = _class_weight(self.targets["themes"], options)
        self.weight_safeguarding = _class_weight(self.targets["safeguarding"], options)
        heads = [p for n, p in model.named_parameters() if n.startswith("heads.")]
        adapter = [p for n, p in model.encoder.named_parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": adapter, "lr": options.rate_adapter, "peak": options.rate_adapter},
                {"params": heads, "lr": options.rate_heads, "peak": options.rate_heads},
            ],
            weight_decay=options.weight_decay,
        )
        self.steps_an_epoch = -(-len(answers) // options.batch_size)

    def epoch(self, epoch: int) -> None:
        """Every answer once, in an order and with a dropout that only seed and epoch decide."""
        seed = self.options.seed * 1_000 + epoch
        torch.manual_seed(seed)
        self.model.train()
        for i, rows in enumerate(self._batches(random.Random(seed))):  # noqa: S311 (an order, not a secret)
            step = epoch * self.steps_an_epoch + i
            loss = self._step(rows, step)
            if self.progress:
                self.progress(step + 1, self.steps_an_epoch * self.options.epochs, loss)

    def _batches(self, chance: random.Random) -> list[list[int]]:
        """Random batches of similar length: shuffled, sorted within blocks, shuffled again."""
        order = list(range(len(self.encodings)))
        chance.shuffle(order)
        size, block = self.options.batch_size, self.options.batch_size * 16
        batches: list[list[int]] = []
        for start in range(0, len(order), block):
            part = sorted(order[start : start + block], key=lambda i: len(self.encodings[i].ids))
            batches += [part[i : i + size] for i in range(0, len(part), size)]
        chance.shuffle(batches)
        return batches

    def _step(self, rows: list[int], step: int) -> float:
        factor = self._schedule(step)
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        batch = PairReader.collate([self.encodings[i] for i in rows])
        loss = self._loss(batch, {name: labels[rows] for name, labels in self.targets.items()})
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        trained = [p for p in self.model.parameters() if p.requires_grad]
        torch.nn.utils.clip_grad_norm_(trained, self.options.max_norm)
        self.optimizer.step()
        return float(loss.detach())

    def _schedule(self, step: int) -> float:
        """Linear warm-up, then linear decay to nothing (a share of the peak rate)."""
        total = self.steps_an_epoch * self.options.epochs
        warm = max(1, round(total * self.options.share_warmup))
        return min((step + 1) / warm, (total - step) / max(1, total - warm))

    def _loss(self, batch: Batch, truth: dict[str, Tensor]) -> Tensor:
        o = self.options
        narrow = o.bfloat16 and torch.cpu._is_avx512_bf16_supported()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=narrow):
            logits = {name: values.float() for name, values in self.model(batch).items()}
        binary = functional.binary_cross_entropy_with_logits
        single = {"stance": 1.0, "sentiment": o.weight_sentiment, "barrier": o.weight_barrier}
        loss = torch.zeros(())
        for head, weight in single.items():
            loss = loss + weight * functional.cross_entropy(
                logits[head], truth[head], label_smoothing=o.label_smoothing
            )
        loss = loss + o.weight_themes * binary(
            logits["themes"], truth["themes"], pos_weight=self.weight_themes
        )
        return loss + o.weight_safeguarding * binary(
            logits["safeguarding"], truth["safeguarding"], pos_weight=self.weight_safeguarding
        )


class _Checkpoint:
    """The last whole epoch of a run, in a folder; what it belongs to is written beside it."""

    def __init__(
        self, work: Path, options: TrainingOptions, answers: Sequence[Answer], base: Base
    ) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self._tensors, self._note = work / "checkpoint.safetensors", work / "checkpoint.json"
        self._belongs = {
            "options": asdict(options),
            "answers": [answer.id for answer in answers],
            "base": base.sha256,
        }

    def restore(self, model: AnswerModel, optimizer: torch.optim.Optimizer) -> int:
        """The number of epochs done, their state now in the model and the optimiser."""
        if not self._note.exists():
            return 0
        note = json.loads(self._note.read_text(encoding="utf-8"))
        if note["belongs"] != self._belongs:
            raise TrainingError(
                f"{self._note.parent} holds a run with other options, answers or encoder: "
                "resume with the same ones, or name an empty folder."
            )
        try:
            tensors = load_file(self._tensors)
        except (SafetensorError, OSError):
            raise TrainingError(
                f"{self._tensors} is damaged: remove its folder and train from the start."
            ) from None
        _fill(model, optimizer, tensors)
        return int(note["epochs"])

    def keep(self, model: AnswerModel, optimizer: torch.optim.Optimizer, epochs: int) -> None:
        """The folder holds the state after `epochs`; a kill in between leaves the one before."""
        tensors: dict[str, Tensor] = {}
        trained = {id(p): n for n, p in model.named_parameters() if p.requires_grad}
        for name, parameter in model.named_parameters():
            if id(parameter) in trained:
                tensors[f"model/{name}"] = parameter.detach().contiguous()
                for key, value in optimizer.state[parameter].items():
                    tensors[f"optimizer/{key}/{name}"] = value.contiguous()
        fresh = self._tensors.with_suffix(".new")
        save_file(tensors, fresh)
        fresh.replace(self._tensors)
        note = json.dumps({"epochs": epochs, "belongs": self._belongs})
        self._note.with_suffix(".new").write_text(note, encoding="utf-8")
        self._note.with_suffix(".new").replace(self._note)


def _fill(model: AnswerModel, optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if not parameter.requires_grad:
                continue
            parameter.copy_(tensors[f"model/{name}"])
            optimizer.state[parameter] = {
                key: tensors[f"optimizer/{key}/{name}"].clone()
                for key in ("step", "exp_avg", "exp_avg_sq")
            }


def _with_adapter(encoder: torch.nn.Module, options: TrainingOptions) -> AnswerModel:
    encoder.requires_grad_(False)
    adapted = inject_adapter_in_model(
        LoraConfig(
            r=options.lora_rank,
            lora_alpha=options.lora_alpha,  # type: ignore[arg-type]
            lora_dropout=options.lora_dropout,
            target_modules=list(LORA_TARGETS),
        ),
        encoder,
    )
    return AnswerModel(adapted, options.head_dropout)  # type: ignore[arg-type]


def _class_weight(columns: Tensor, options: TrainingOptions) -> Tensor:
    """Square root of negatives over positives, a column each, at most `max_class_weight`.

    The root, because the full ratio buys recall with too many false alarms.
    """
    positives = columns.sum(0).clamp(min=1)
    return ((len(columns) - positives) / positives).sqrt().clamp(1, options.max_class_weight)
