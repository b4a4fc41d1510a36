"""What a training step is told it got wrong: one number over all heads, and a teacher's opinion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from sentiment.data import Answer
from sentiment.labels import Barrier, Sentiment, Stance, Theme

if TYPE_CHECKING:
    from sentiment.training import TrainingOptions

_ONE_OF = ("stance", "sentiment", "barrier")
_EACH = ("themes", "safeguarding", "off_topic")
_SOFTER = (
    2.0  # Softens a teacher's probabilities, so that its doubts teach too (Hinton et al. 2015)
)


class Loss:
    """The weighted sum of every head's cross-entropy, on the labels of some rows.

    Whether an answer is off the topic is unknown where its phenomenon is: such rows teach that
    head nothing. With a teacher the labels count `1 - weight_teacher` and the Kullback-Leibler
    divergence from its softened probabilities the rest.
    """

    def __init__(
        self,
        answers: Sequence[Answer],
        options: TrainingOptions,
        teacher: Mapping[str, Tensor] | None,
        device: torch.device,
    ) -> None:
        self._options = options
        self._truth = {name: t.to(device) for name, t in label_tensors(answers).items()}
        self._teacher = {name: t.float().to(device) for name, t in (teacher or {}).items()}
        known = [[float(bool(answer.phenomenon))] for answer in answers]
        self._known = {"off_topic": torch.tensor(known, device=device)}
        self._positive = {name: self._class_weight(self._truth[name]) for name in _EACH}
        self._weights = {
            "stance": 1.0,
            "sentiment": options.weight_sentiment,
            "barrier": options.weight_barrier,
            "themes": options.weight_themes,
            "safeguarding": options.weight_safeguarding,
            "off_topic": options.weight_off_topic,
        }

    def __call__(self, logits: Mapping[str, Tensor], rows: Sequence[int]) -> Tensor:
        """The loss of logits [n_rows, n_labels] by head against the labels of `rows`."""
        index = list(rows)
        shares = [w * self._of_labels(n, logits[n], index) for n, w in self._weights.items()]
        of_labels = torch.stack(shares).sum()
        if not self._teacher:
            return of_labels
        opinions = [w * self._of_teacher(n, logits[n], index) for n, w in self._weights.items()]
        share = self._options.weight_teacher
        return (1 - share) * of_labels + share * torch.stack(opinions).sum()

    def _of_labels(self, name: str, given: Tensor, rows: list[int]) -> Tensor:
        truth = self._truth[name][rows]
        if name in _ONE_OF:
            smooth = self._options.label_smoothing
            return functional.cross_entropy(given, truth, label_smoothing=smooth)
        known = self._known[name][rows] if name in self._known else None
        return functional.binary_cross_entropy_with_logits(
            given, truth, weight=known, pos_weight=self._positive[name]
        )

    def _of_teacher(self, name: str, given: Tensor, rows: list[int]) -> Tensor:
        taught = self._teacher[name][rows]
        if name in _ONE_OF:
            divergence = functional.kl_div(
                functional.log_softmax(given / _SOFTER, dim=1),
                functional.log_softmax(taught / _SOFTER, dim=1),
                reduction="batchmean",
                log_target=True,
            )
            return divergence * _SOFTER**2
        return functional.binary_cross_entropy_with_logits(given, torch.sigmoid(taught))

    def _class_weight(self, columns: Tensor) -> Tensor:
        """Square root of negatives over positives, a column each, at most `max_class_weight`.

        The root, because the full ratio buys recall with too many false alarms.
        """
        positives = columns.sum(0).clamp(min=1)
        ratio = (len(columns) - positives) / positives
        return ratio.sqrt().clamp(1, self._options.max_class_weight)


def label_tensors(answers: Sequence[Answer]) -> dict[str, Tensor]:
    """Labels by head: indices [n], or 0/1 float columns for the heads whose labels stand alone."""
    return {
        "stance": torch.tensor([list(Stance).index(a.stance) for a in answers]),
        "sentiment": torch.tensor([list(Sentiment).index(a.sentiment) for a in answers]),
        "barrier": torch.tensor([list(Barrier).index(a.barrier) for a in answers]),
        "themes": torch.tensor([[float(t in a.themes) for t in Theme] for a in answers]),
        "safeguarding": torch.tensor([[float(a.safeguarding)] for a in answers]),
        "off_topic": torch.tensor([[float(a.off_topic)] for a in answers]),
    }
