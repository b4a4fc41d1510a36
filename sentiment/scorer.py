"""Texts in, scores out: in order, batched by length, in bounded memory, on one thread.

No text is ever logged or quoted in an error. Importing this file loads torch; importing the
package does not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from sentiment.calibration import sigmoid, softmax
from sentiment.card import DEFAULT, Form, ModelCard
from sentiment.danger import names_danger
from sentiment.labels import Barrier, Score, Sentiment, Stance, Status, Theme
from sentiment.language import is_foreign
from sentiment.model import AnswerModel, PairReader, load_model
from sentiment.narrowing import available, chosen, narrowed
from sentiment.text import is_empty, normalise

Logits = dict[str, NDArray[np.float64]]

WINDOW = 2_048  # Pairs tokenised at a time; sorted by length within, so little is padding.
BATCH_TOKENS = 1_024  # Padded, a forward pass. Four times that is no faster, and 130 MB more.
BATCH_PAIRS = 32  # Beyond, a batch is no faster on a core and only holds more memory.

_STANCES, _SENTIMENTS, _BARRIERS = tuple(Stance), tuple(Sentiment), tuple(Barrier)


class TransformerScorer:
    """Scores answers with the fine-tuned encoder of one model folder."""

    def __init__(self, model: AnswerModel, reader: PairReader, card: ModelCard) -> None:
        self._model, self._reader, self.card = model, reader, card
        self.model_version = card.version

    @classmethod
    def load(
        cls,
        model: str | Path = DEFAULT,
        n_threads: int = 1,
        forms: Sequence[Form] | None = None,
    ) -> Self:
        """The scorer of a shipped model by its name, or of a folder.

        One thread for the whole process: with a neighbour on the second core, two are slower.
        It computes in the fastest of `forms` (by default those of this machine) that was measured
        to be good enough, else in 32 bits. Raises WeightsError where the folder or the base
        encoder cannot be used.
        """
        torch.set_num_threads(n_threads)
        whole, reader, card = load_model(model)
        form = chosen(card, available() if forms is None else forms)
        return cls(narrowed(whole, form), reader, card)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        """One score for each (question, text), in order; identical pairs are judged once."""
        known: dict[tuple[str, str], Score] = {}
        waiting: dict[tuple[str, str], None] = {}
        for pair in pairs:
            if pair in known or pair in waiting:
                continue
            status = self._unreadable(pair[1])
            if status is None:
                waiting[pair] = None
            else:
                known[pair] = Score.unscored(status, self.model_version)
        judged = list(waiting)
        for start in range(0, len(judged), WINDOW):
            window = judged[start : start + WINDOW]
            known.update(zip(window, self._judge(window), strict=True))
        if len(judged) > BATCH_PAIRS:
            _give_back()
        return [known[pair] for pair in pairs]

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Logits:
        """Raw outputs by head, [n_pairs, n_labels], uncalibrated and whatever the language."""
        encodings = self._reader.encode(list(pairs))
        lengths = [len(encoding.ids) for encoding in encodings]
        rows: list[dict[str, NDArray[np.float64]] | None] = [None] * len(pairs)
        for batch_rows in _batches(lengths):
            with torch.inference_mode():
                batch = self._model(PairReader.collate([encodings[i] for i in batch_rows]))
            values = {name: tensor.double().numpy() for name, tensor in batch.items()}
            for position, i in enumerate(batch_rows):
                rows[i] = {name: value[position] for name, value in values.items()}
        names = list(self._model.heads)
        return {name: np.stack([row[name] for row in rows if row]) for name in names}

    def tensors(self, pairs: Sequence[tuple[str, str]]) -> dict[str, torch.Tensor]:
        """The same raw outputs as tensors: what a student learns from."""
        return {name: torch.from_numpy(values) for name, values in self.logits(pairs).items()}

    def _unreadable(self, text: str) -> Status | None:
        plain = normalise(text)
        if is_empty(plain):
            return Status.EMPTY
        return Status.LANGUAGE if is_foreign(plain, self.card.languages) else None

    def _judge(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        logits, t = self.logits(pairs), self.card.temperatures
        named = [names_danger(normalise(text)) for _, text in pairs]
        stance = softmax(logits["stance"], t.stance)
        sentiment = softmax(logits["sentiment"], t.sentiment)
        barrier = softmax(logits["barrier"], t.barrier)
        themes = sigmoid(logits["themes"], t.themes)
        safeguarding = sigmoid(logits["safeguarding"][:, 0], t.safeguarding)
        off_topic = sigmoid(logits["off_topic"][:, 0], t.off_topic)
        heads = (stance, sentiment, barrier, themes, safeguarding, off_topic, named)
        return [self._score(*row) for row in zip(*heads, strict=True)]

    def _score(
        self,
        stance: NDArray[np.float64],
        sentiment: NDArray[np.float64],
        barrier: NDArray[np.float64],
        themes: NDArray[np.float64],
        safeguarding: np.float64,
        off_topic: np.float64,
        named: bool,
    ) -> Score:
        limits = self.card.thresholds
        status = Status.SCORED if stance.max() >= limits.stance else Status.UNSURE
        if off_topic >= limits.off_topic:
            status = Status.OFF_TOPIC
        sure = status is Status.SCORED
        given = zip(Theme, themes, strict=True)
        return Score(
            status=status,
            stance=_STANCES[int(stance.argmax())] if sure else None,
            p_stance=tuple(stance.tolist()),
            sentiment=_SENTIMENTS[int(sentiment.argmax())] if sure else None,
            p_sentiment=tuple(sentiment.tolist()),
            barrier=_BARRIERS[int(barrier.argmax())] if sure else None,
            p_barrier=tuple(barrier.tolist()),
            themes=tuple(t for t, p in given if p >= limits.themes) if sure else (),
            p_themes=tuple(themes.tolist()),
            safeguarding=named or bool(safeguarding >= limits.safeguarding),
            p_safeguarding=float(safeguarding),
            model=self.model_version,
        )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices, longest text first, in batches of bounded padded size."""
    batch: list[int] = []
    longest = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        longest = longest or lengths[i]
        if batch and (len(batch) == BATCH_PAIRS or (len(batch) + 1) * longest > BATCH_TOKENS):
            yield batch
            batch, longest = [], lengths[i]
        batch.append(i)
    if batch:
        yield batch


def _give_back() -> None:
    """Freed memory goes back to the system: batches of many shapes leave 100 MB of holes."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU C library alone has it
    if trim is not None:
        trim(0)
