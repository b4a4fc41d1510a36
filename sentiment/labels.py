"""The code book: every label an answer can carry, and the value one scored answer is.

Everything that speaks about answers imports this file, so it stays pure Python: it must never load
torch, numpy or a model. The order of the members of each enum is the order of the probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Stance(StrEnum):
    """Where the writer stands toward the change (not toward the old way, not toward life)."""

    RESISTANT = "resistant"
    AMBIVALENT = "ambivalent"
    NEUTRAL = "neutral"
    SUPPORTIVE = "supportive"


class Sentiment(StrEnum):
    """The emotional tone of the words, whatever it is aimed at."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Barrier(StrEnum):
    """The first thing in the person's way, after ADKAR (Hiatt 2006), earliest stage first."""

    AWARENESS = "awareness"
    DESIRE = "desire"
    KNOWLEDGE = "knowledge"
    ABILITY = "ability"
    REINFORCEMENT = "reinforcement"
    NONE = "none"


# Stance and barrier that hardly stand together: in 7 and in 18 of the corpus's 21,508 labelled
# answers. The model may give any two.
HARDLY_TOGETHER = frozenset({(Stance.RESISTANT, Barrier.NONE), (Stance.AMBIVALENT, Barrier.NONE)})


class Theme(StrEnum):
    """What an answer is about; an answer has none, one or several."""

    VISION = "vision"
    COMMUNICATION = "communication"
    INVOLVEMENT = "involvement"
    TRAINING = "training"
    WORKLOAD = "workload"
    JOB_SECURITY = "job_security"
    TOOLS = "tools"
    PROCESS = "process"
    LEADERSHIP = "leadership"
    PRIVACY = "privacy"
    COLLABORATION = "collaboration"
    SERVICE = "service"


class Status(StrEnum):
    """Whether an answer was scored and, where not, why."""

    SCORED = "scored"
    EMPTY = "unscored: empty"
    LANGUAGE = "unscored: language"
    OFF_TOPIC = "unscored: off-topic"
    UNSURE = "unscored: unsure"
    ERROR = "unscored: error"


@dataclass(frozen=True, slots=True)
class Score:
    """What the model says about one answer.

    Probabilities follow the order of their enum's members. Those of `stance`, `sentiment` and
    `barrier` sum to 1; each of `p_themes` stands alone, as does `p_safeguarding`.

    A `SCORED` answer has labels and probabilities. An `UNSURE` or `OFF_TOPIC` one keeps its
    probabilities and its labels are None. All three have `safeguarding` judged; it is also true
    where the words name a danger outright, whatever `p_safeguarding` says. Every other status has
    neither labels nor probabilities: the tuples are empty and `p_safeguarding` is 0.
    """

    status: Status
    stance: Stance | None
    p_stance: tuple[float, ...]
    sentiment: Sentiment | None
    p_sentiment: tuple[float, ...]
    barrier: Barrier | None
    p_barrier: tuple[float, ...]
    themes: tuple[Theme, ...]
    p_themes: tuple[float, ...]
    safeguarding: bool
    p_safeguarding: float
    model: str

    @property
    def p_resistant(self) -> float | None:
        """Calibrated probability that the writer is resistant; None where nothing was judged."""
        return self.p_stance[0] if self.p_stance else None

    @classmethod
    def unscored(cls, status: Status, model: str) -> Self:
        """A score without labels or probabilities: the text was empty, foreign or unreadable.

        Raises ValueError for a status that carries probabilities.
        """
        if status in (Status.SCORED, Status.UNSURE, Status.OFF_TOPIC):
            raise ValueError(f"A score of status {status.value!r} needs probabilities: build it.")
        return cls(status, None, (), None, (), None, (), (), (), False, 0.0, model)
