"""Fits the adapter and the heads: seeded, and resumable at every epoch with the same result.

Reads answers and an encoder, writes only to the work folder it is given. It neither splits the
answers nor judges the outcome; `sentiment.release` does both. Runs on a GPU where there is one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from peft import LoraConfig, inject_adapter_in_model
from torch import Tensor

from sentiment.checkpoint import Checkpoint
from sentiment.data import Answer
from sentiment.encoders import Base
from sentiment.errors import TrainingError
from sentiment.frozen import FrozenBlocks, blocks
from sentiment.loss import Loss
from sentiment.model import LORA_TARGETS, AnswerModel, PairReader
from sentiment.network import load_encoder

Progress = Callable[[int, int, float], None]
"""Called after every step with (steps done, steps in all, loss of the step)."""


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """Everything that decides the outcome besides the answers and the encoder."""

    seed: int = 13  # Any number; this one is the one the shipped figures were measured with.
    epochs: int = 3  # More answers were worth more than more rounds over the same ones.
    batch_size: int = 16  # Small enough for some 700 steps an epoch.
    trained_blocks: int = 6  # The upper half of MPNet, all of MiniLM: half the cost.
    lora_rank: int = 16  # A file of a few MB; on SST-2 as good as training all.
    lora_alpha: float = 32.0  # Twice the rank, the usual scale of 2.
    encoder_dropout: float = 0.0  # A low rank is hard to overfit in 3 epochs; 20 % faster without.
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
    weight_off_topic: float = 0.3  # The same, and less is at stake.
    weight_teacher: float = 0.7  # Where there is a teacher: its share of the loss.
    max_class_weight: float = 8.0  # Rare themes and safeguarding count more, up to this.
    label_smoothing: float = 0.05  # Annotators agree at kappa .9 or better, not at 1.
    bfloat16: bool = True  # Twice as fast where the processor has it; elsewhere ignored.


USUAL = TrainingOptions()


@dataclass(frozen=True, slots=True)
class Start:
    """What a run builds on besides the encoder; both are empty for a run from nothing.

    `fitted` are an adapter and heads to go on from, as `load_file` gives those of a model folder.
    `teacher` holds another model's logits on the answers, by head [n_answers, n_labels]; `name`
    says which, so that a checkpoint can tell.
    """

    name: str = ""
    fitted: Mapping[str, Tensor] | None = None
    teacher: Mapping[str, Tensor] | None = None


NOTHING = Start()


def train(
    answers: Sequence[Answer],
    base: Base,
    work: Path,
    options: TrainingOptions,
    progress: Progress | None = None,
    stop_after: int | None = None,
    n_threads: int = 1,
    start: Start = NOTHING,
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
    belongs = {
        "options": asdict(options),
        "answers": [answer.id for answer in answers],
        "base": [base.sha256, base.blocks],
        "start": start.name,
    }
    checkpoint = Checkpoint(work, belongs)
    encoder, folder = load_encoder(base)
    model = _with_adapter(encoder, options)
    if start.fitted:
        _go_on_from(model, start.fitted)
    run = _Run(model, answers, PairReader(folder, options.max_tokens), options, progress, start)
    done = checkpoint.restore(model, run.optimizer)
    last = min(options.epochs, stop_after or options.epochs)
    if done < last:
        run.remember()
    for epoch in range(done, last):
        run.epoch(epoch)
        checkpoint.keep(model, run.optimizer, epoch + 1)
    return fitted_tensors(model)


def fitted_tensors(model: AnswerModel) -> dict[str, Tensor]:
    """What was trained: `<layer>.lora_A`, `<layer>.lora_B` and `heads.<name>.<weight|bias>`."""
    trained = ((n, p) for n, p in model.named_parameters() if p.requires_grad)
    return {_short(name): parameter.detach().cpu().clone() for name, parameter in trained}


class _Run:
    """One training run's model, data, optimiser and schedule."""

    def __init__(
        self,
        model: AnswerModel,
        answers: Sequence[Answer],
        reader: PairReader,
        options: TrainingOptions,
        progress: Progress | None,
        start: Start,
    ) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model, self.options, self.progress = model.to(self.device), options, progress
        self.encodings = reader.encode([(a.question, a.text) for a in answers])
        self.loss = Loss(answers, options, start.teacher, self.device)
        n_blocks = len(blocks(model.encoder))
        self.frozen = FrozenBlocks(model, max(0, n_blocks - options.trained_blocks))
        heads = [p for n, p in model.named_parameters() if n.startswith("heads.")]
        adapter = [p for p in model.encoder.parameters() if p.requires_grad]
        self.trained = [*adapter, *heads]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": adapter, "lr": options.rate_adapter, "peak": options.rate_adapter},
                {"params": heads, "lr": options.rate_heads, "peak": options.rate_heads},
            ],
            weight_decay=options.weight_decay,
        )
        self.steps_an_epoch = -(-len(answers) // options.batch_size)

    def remember(self) -> None:
        """The frozen blocks have read every answer."""
        self.frozen.remember(self.encodings)

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
        batch = PairReader.collate([self.encodings[i] for i in rows]).to(self.device)
        self.frozen.recall(rows, batch.ids.shape[1])
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._narrow()):
            logits = {name: values.float() for name, values in self.model(batch).items()}
        loss = self.loss(logits, rows)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.trained, self.options.max_norm)
        self.optimizer.step()
        return float(loss.detach())

    def _narrow(self) -> bool:
        able = self.device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
        return self.options.bfloat16 and bool(able)

    def _schedule(self, step: int) -> float:
        """Linear warm-up, then linear decay to nothing (a share of the peak rate)."""
        total = self.steps_an_epoch * self.options.epochs
        warm = max(1, round(total * self.options.share_warmup))
        return min((step + 1) / warm, (total - step) / max(1, total - warm))


def _with_adapter(encoder: torch.nn.Module, options: TrainingOptions) -> AnswerModel:
    encoder.requires_grad_(False)
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = options.encoder_dropout
    upper = blocks(encoder)[-options.trained_blocks :]
    config = LoraConfig(
        r=options.lora_rank,
        lora_alpha=options.lora_alpha,  # type: ignore[arg-type]
        target_modules=list(LORA_TARGETS),
    )
    for block in upper:
        inject_adapter_in_model(config, block)
    return AnswerModel(encoder, options.head_dropout)


def _go_on_from(model: AnswerModel, fitted: Mapping[str, Tensor]) -> None:
    parameters = {_short(n): p for n, p in model.named_parameters() if p.requires_grad}
    try:
        with torch.no_grad():
            for name, tensor in fitted.items():
                parameters[name].copy_(tensor)
    except (KeyError, RuntimeError):
        raise TrainingError(
            "The model to go on from was trained with another rank, other blocks or another "
            "encoder: leave these options as they were, or train from the start."
        ) from None


def _short(name: str) -> str:
    if name.startswith("heads."):
        return name
    return name.removeprefix("encoder.").removesuffix(".default.weight")
