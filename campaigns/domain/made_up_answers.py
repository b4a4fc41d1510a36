"""What somebody answers in a simulated run: made up from stated assumptions, and from chance.

Chance is an argument, numbers from 0 up to and without 1. What is said of competences stays with
its person, so that the same gap is found pulse after pulse.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from itertools import accumulate

from campaigns.domain.assumptions import BARRIERS, Assumptions
from campaigns.domain.content import language_of
from campaigns.domain.definition import Competence, Definition, Pulse, Question
from campaigns.domain.offers import Said, rank
from campaigns.domain.people import Person
from sentiment.course import ENOUGH, Trend
from sentiment.labels import Barrier, Score, Stance, Status, Theme

Chance = Callable[[], float]
_STANCES, _BARRIERS, _THEMES = tuple(Stance), tuple(Barrier), tuple(Theme)
_AGAINST = (Stance.RESISTANT, Stance.AMBIVALENT)


def is_read(definition: Definition, person: Person, reads: Collection[str]) -> bool:
    """Whether words in the language in which the person is asked are read; `reads` are the
    languages that are, all where none is given."""
    return not reads or language_of(definition, person).split("-")[0] in reads


class Answers:
    """All that one made-up person says."""

    def __init__(self, role: str, assumed: Assumptions, chance: Chance) -> None:
        self._role, self._assumed, self._chance = role, assumed, chance
        self._said: dict[str, dict[str, int | str | None]] = defaultdict(dict)

    def after(self) -> timedelta:
        """The time until an answer; it falls off as it does where each hour is alike."""
        return timedelta(hours=-math.log(1 - self._chance()) * self._assumed.answer_hours)

    def writes(self, definition: Definition, pulse: Pulse) -> bool:
        """Whether the answers to that pulse have words."""
        asks = any(definition.question(key).kind == "text" for key in pulse.questions)
        return asks and self._chance() < self._assumed.words_rate

    def score(self) -> Score | None:
        """What the words say; None where they are not clear enough."""
        if self._chance() >= self._assumed.scored_rate:
            return None
        stance = _STANCES[_drawn(self._assumed.stances, self._chance())]
        barrier = _BARRIERS[_drawn(BARRIERS[stance], self._chance())]
        themes = tuple(one for one in _THEMES if self._chance() < self._assumed.theme_rate)
        return Score(Status.SCORED, stance, (), None, (), barrier, (), themes, (), False, 0.0, "")

    def trend(self, score: Score, n_before: int) -> Trend | None:
        """How an answer lies to so many earlier ones: worse only if it is against the change or of
        two minds, better only if it is neither."""
        if n_before < ENOUGH:
            return None
        resistant, ambivalent, neutral, supportive = self._assumed.stances
        against = score.stance in _AGAINST
        among = resistant + ambivalent if against else neutral + supportive
        rate = self._assumed.worse_rate if against else self._assumed.better_rate
        moved = self._chance() * among < rate
        return (Trend.WORSE if against else Trend.BETTER) if moved else None

    def speak_of_competences(self, definition: Definition, pulse: Pulse) -> Said:
        """What is known of the person's competences, once they have answered that pulse."""
        said = self._said[definition.campaign.key]
        competences = {one.key: one for one in definition.campaign.competences}
        for key in pulse.questions:
            question = definition.question(key)
            competence = competences.get(question.competence or "")
            if competence is not None and key not in said:
                said[key] = self._level(question, competence)
        return said

    def said(self, definition: Definition) -> Said:
        """What is known of the person's competences by now."""
        return self._said[definition.campaign.key]

    def _level(self, question: Question, competence: Competence) -> int | str | None:
        """One of the answers that are below what the role needs, or one of the others."""
        wanted = competence.wanted_of(self._role)
        lacks = wanted is not None and self._chance() < self._assumed.lacking
        scale, options = range(1, question.points + 1), [one.key for one in question.options]
        values: list[int | str] = [*scale] if question.kind == "scale" else [*options]
        floor = wanted.rank if wanted else 0
        ranks = {value: rank(question, value) for value in values}
        like = [one for one, at in ranks.items() if at is not None and (at < floor) is lacks]
        return like[int(self._chance() * len(like))] if like else None


def _drawn(weights: Sequence[float], chance: float) -> int:
    """The place that chance falls on, each as likely as its weight says."""
    reached = chance * sum(weights)
    return next(
        (place for place, upto in enumerate(accumulate(weights)) if reached < upto),
        len(weights) - 1,
    )
