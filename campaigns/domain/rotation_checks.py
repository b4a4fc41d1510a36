"""Whether questions can come in turn as a pulse says: which may, and whether all have their turn.

Figures of a team are made of what measures the stance, so that is asked of everybody in every
round; only what figures are not made of may come at times.
"""

from collections.abc import Iterator
from datetime import date

from campaigns.domain.agenda import HORIZON, local_moments
from campaigns.domain.definition import (
    At,
    DaysAfterLaunch,
    Definition,
    Pulse,
    Question,
    Scheduled,
)
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, closest, error, warning
from campaigns.domain.rotation import first, rounds_for_all
from campaigns.domain.touchpoints import Rotate

_ONE_ROUND = "it comes once, so nothing can come in turn: ask all in it, or let it come again"


def rotation_remarks(definition: Definition, launched_on: date, today: date) -> Iterator[Remark]:
    """What is wrong with questions in turn, in the rounds from the launch to a year from today."""
    by_key = {question.key: question for question in definition.campaign.questions}
    for index, pulse in enumerate(definition.campaign.touchpoints):
        if isinstance(pulse, Pulse) and pulse.rotate:
            path = ("campaign", "touchpoints", index)
            yield from _in_turn(pulse, pulse.rotate, by_key, (*path, "rotate"))
            yield from _every_round(pulse, pulse.rotate, by_key, path)
            if _comes_once(pulse.when):
                yield error((*path, "when"), _ONE_ROUND)
            else:
                n_rounds = _n_rounds(pulse, launched_on, today)
                yield from _too_few_rounds(pulse, pulse.rotate, n_rounds, (*path, "rotate"))


def have_their_turn(pulse: Pulse, launched_on: date, today: date) -> set[str]:
    """The questions that the pulse asks in any of its rounds, until a year from today."""
    if pulse.rotate is None:
        return set(pulse.questions)
    return _asked_within(pulse, _n_rounds(pulse, launched_on, today))


def _n_rounds(pulse: Pulse, launched_on: date, today: date) -> int:
    return len(local_moments(pulse.when, launched_on, today + HORIZON))


def _asked_within(pulse: Pulse, n_rounds: int) -> set[str]:
    return set(pulse.every_round()).union(*first(pulse, n_rounds))


def _in_turn(
    pulse: Pulse, rotate: Rotate, by_key: dict[str, Question], path: Path
) -> Iterator[Remark]:
    for at, key in enumerate(rotate.questions):
        question = by_key.get(key)
        if key not in pulse.questions:
            known = closest(key, pulse.questions)
            yield error((*path, "questions", at), f'this pulse does not ask "{key}"{known}')
        elif question and question.measures_stance:
            yield error(
                (*path, "questions", at),
                f'"{key}" measures the stance, so it has to come in every round: people who were '
                "asked different questions can't be compared. Only a choice, or a scale without a "
                "favourable end, can come in turn",
            )
    n = len(rotate.questions)
    if rotate.at_a_time >= n:
        message = f"there are only {n} to come in turn; expected at most {n - 1}"
        yield error((*path, "at_a_time"), message)


def _every_round(
    pulse: Pulse, rotate: Rotate, by_key: dict[str, Question], path: Path
) -> Iterator[Remark]:
    always = [by_key[key] for key in pulse.every_round() if key in by_key]
    if not any(question.measures_stance and question.when is None for question in always):
        yield error(
            (*path, "questions"),
            "at least one question that measures the stance (a text, or a scale with a favourable "
            "end) has to come in every round: else no two rounds can be compared",
        )
    for at, key in enumerate(pulse.questions):
        condition = by_key[key].when if key in by_key else None
        if condition and condition.question in rotate.questions:
            yield error(
                (*path, "questions", at),
                f'"{key}" depends on the answer to "{condition.question}", which does not come in '
                "every round: take that one out of rotate, or ask this one without a condition",
            )


def _comes_once(when: Scheduled) -> bool:
    return isinstance(when, At | DaysAfterLaunch) or when.times == 1


def _too_few_rounds(pulse: Pulse, rotate: Rotate, n_rounds: int, path: Path) -> Iterator[Remark]:
    needed, asked = rounds_for_all(pulse), _asked_within(pulse, n_rounds)
    if 0 < n_rounds < needed:
        never = [f'"{key}"' for key in pulse.questions if key not in asked]
        effect = f"; never asked: {', '.join(never)}" if never else ""
        yield warning(
            path,
            f"it comes {n_rounds} times, and takes {needed} until everybody was asked each of the "
            f"{len(rotate.questions)} questions in turn{effect}",
        )
