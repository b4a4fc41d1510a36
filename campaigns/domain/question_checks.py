"""Whether the questions of a campaign and the conditions between them fit together."""

from collections.abc import Iterator

from campaigns.domain.definition import Condition, Definition, Pulse, Question
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, closest, error, warning


def question_remarks(definition: Definition) -> Iterator[Remark]:
    """What is wrong with questions, with conditions, and with the order in which pulses ask."""
    campaign = definition.campaign
    by_key = {question.key: question for question in campaign.questions}
    for index, question in enumerate(campaign.questions):
        if question.when is not None:
            path: Path = ("campaign", "questions", index, "when")
            yield from _condition(question.when, by_key, path)
    asked: set[str] = set()
    for index, touchpoint in enumerate(campaign.touchpoints):
        if isinstance(touchpoint, Pulse):
            asked.update(touchpoint.questions)
            path = ("campaign", "touchpoints", index, "questions")
            yield from _order(touchpoint, by_key, path)
    if asked - by_key.keys():
        return  # one of the unused may well be meant by the unknown key
    for index, question in enumerate(campaign.questions):
        if question.key not in asked:
            path = ("campaign", "questions", index, "key")
            yield warning(path, f'no pulse asks the question "{question.key}"')


def _order(pulse: Pulse, by_key: dict[str, Question], path: Path) -> Iterator[Remark]:
    for index, key in enumerate(pulse.questions):
        question = by_key.get(key)
        if question is None:
            yield error((*path, index), f'there is no question "{key}"{closest(key, by_key)}')
        elif question.when and question.when.question not in pulse.questions[:index]:
            earlier = question.when.question
            if earlier in by_key:
                yield error(
                    (*path, index),
                    f'"{key}" depends on the answer to "{earlier}", '
                    "so this pulse has to ask that one before it",
                )


def _condition(condition: Condition, by_key: dict[str, Question], path: Path) -> Iterator[Remark]:
    other = by_key.get(condition.question)
    if other is None:
        known = closest(condition.question, by_key)
        yield error((*path, "question"), f'there is no question "{condition.question}"{known}')
    elif condition.one_of:
        yield from _options(condition, other, path)
    elif other.kind != "scale":
        message = f'"{other.key}" is no scale; at_most and at_least need one'
        yield error((*path, "question"), message)
    else:
        yield from _bounds(condition, other, path)


def _options(condition: Condition, other: Question, path: Path) -> Iterator[Remark]:
    if other.kind != "choice":
        yield error((*path, "question"), f'"{other.key}" is no choice; one_of needs one')
        return
    options = [option.key for option in other.options]
    for index, key in enumerate(condition.one_of):
        if key not in options:
            message = f'"{other.key}" has no option "{key}"{closest(key, options)}'
            yield error((*path, "one_of", index), message)


def _bounds(condition: Condition, other: Question, path: Path) -> Iterator[Remark]:
    name = "at_most" if condition.at_most is not None else "at_least"
    bound = getattr(condition, name)
    lowest, highest = (1, other.points - 1) if name == "at_most" else (2, other.points)
    if not lowest <= bound <= highest:
        never = bound < 1 if name == "at_most" else bound > other.points
        effect = "no answer ever fits" if never else "every answer fits"
        yield error(
            (*path, name),
            f'"{other.key}" goes from 1 to {other.points}: {effect}; '
            f"expected {lowest} to {highest}",
        )
