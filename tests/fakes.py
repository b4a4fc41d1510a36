"""The only two fakes: a chat and a model. Both pass the contract tests of what they stand for."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import Connection

from campaigns.domain.lanes import Act, Lane
from campaigns.domain.messages import Message
from campaigns.domain.people import Person
from campaigns.errors import DeliveryError, FinalDeliveryError
from sentiment.labels import Barrier, Score, Sentiment, Stance, Status, Theme


@dataclass
class RecordingMessenger:
    """A chat in memory: what was sent, and how it reads now. `failures` are raised, one a call.

    With `lanes` it is limited for everybody but the `unlimited`, as a platform would be. People
    are left `undisturbed` until some moment; `asked_for` is who each call about that was for.
    """

    sent: list[tuple[int, Message]] = field(default_factory=list)
    failures: list[DeliveryError] = field(default_factory=list)
    lanes: Mapping[Act, Lane] = field(default_factory=dict)
    unlimited: Container[int] = ()
    hands: int = 1
    undisturbed: Mapping[int, datetime] = field(default_factory=dict)
    asked_for: list[list[int]] = field(default_factory=list)
    _shown: dict[str, tuple[int, Message]] = field(default_factory=dict)

    def in_lane(self, person: Person) -> bool:
        """Whether there are lanes, and the person isn't one of the unlimited."""
        return bool(self.lanes) and person.id not in self.unlimited

    def undisturbed_until(self, people: Sequence[Person], now: datetime) -> Mapping[int, datetime]:
        """Those of them whose time is not over."""
        self.asked_for.append([person.id for person in people])
        self._fail()
        ends = {person.id: self.undisturbed.get(person.id, now) for person in people}
        return {person_id: end for person_id, end in ends.items() if end > now}

    def send(self, person: Person, message: Message) -> str:
        """Keeps the message under a new id."""
        self._fail()
        external_id = f"m{len(self.sent) + 1}"
        self.sent.append((person.id, message))
        self._shown[external_id] = (person.id, message)
        return external_id

    def find(self, person: Person, key: str) -> str | None:
        """The newest message with that key to that person."""
        self._fail()
        found = [
            external_id
            for external_id, (owner, message) in self._shown.items()
            if owner == person.id and message.key == key
        ]
        return found[-1] if found else None

    def update(self, person: Person, external_id: str, message: Message) -> None:
        """Replaces the message; FinalDeliveryError for one that the person doesn't have."""
        self._fail()
        owner, _ = self._shown.get(external_id, (None, message))
        if owner != person.id:
            raise FinalDeliveryError("There is no such message.")
        self._shown[external_id] = (person.id, message)

    def keep(self, c: Connection, sent: Sequence[tuple[Person, str]]) -> None:
        """Nothing: all of it is in memory."""

    def shown(self, person_id: int) -> list[Message]:
        """The person's thread as it reads now, oldest first."""
        return [message for owner, message in self._shown.values() if owner == person_id]

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


@dataclass
class FixedScorer:
    """A model that knows its texts by heart; others are neutral. `failing` texts raise, with the
    text in the error, as a careless library would. `seen` is every batch it was given."""

    known: Mapping[str, Score] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    model_version: str = "fixed-1"
    seen: list[list[tuple[str, str]]] = field(default_factory=list)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        """One score a pair, in order."""
        self.seen.append(list(pairs))
        for _, text in pairs:
            if text in self.failing:
                raise RuntimeError(f"can't read {text!r}")
        return [self._one(text) for _, text in pairs]

    def _one(self, text: str) -> Score:
        if not any(sign.isalnum() for sign in text):
            return Score.unscored(Status.EMPTY, self.model_version)
        return self.known.get(text) or a_score(model=self.model_version)


class Fixed(Random):
    """Chance that always says the same: .99 holds nobody out, 0.0 everybody that can be."""

    def __init__(self, says: float = 0.99) -> None:
        super().__init__()
        self.says = says

    def random(self) -> float:
        """That number."""
        return self.says


def a_score(
    stance: Stance = Stance.NEUTRAL,
    barrier: Barrier = Barrier.NONE,
    themes: tuple[Theme, ...] = (),
    *,
    status: Status = Status.SCORED,
    safeguarding: bool = False,
    model: str = "fixed-1",
) -> Score:
    """A score with these labels and probabilities to match; `UNSURE` has no labels."""
    sure = status is Status.SCORED
    return Score(
        status=status,
        stance=stance if sure else None,
        p_stance=_peaked(list(Stance), stance),
        sentiment=Sentiment.NEUTRAL if sure else None,
        p_sentiment=_peaked(list(Sentiment), Sentiment.NEUTRAL),
        barrier=barrier if sure else None,
        p_barrier=_peaked(list(Barrier), barrier),
        themes=themes if sure else (),
        p_themes=tuple(0.9 if theme in themes else 0.1 for theme in Theme),
        safeguarding=safeguarding,
        p_safeguarding=0.9 if safeguarding else 0.01,
        model=model,
    )


def _peaked(labels: Sequence[str], label: str) -> tuple[float, ...]:
    rest = 0.2 / (len(labels) - 1)
    return tuple(0.8 if one == label else rest for one in labels)
