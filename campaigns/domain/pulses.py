"""Which question of a pulse comes next. Answers pass through here and are never kept."""

from collections.abc import Mapping

from campaigns.domain.definition import Condition, Definition, Pulse, Question

# Question key → number (scale), option key (choice), "" (words were written), None (skipped).
Given = Mapping[str, int | str | None]


def next_question(definition: Definition, pulse: Pulse, given: Given) -> Question | None:
    """The first question that is not yet in `given` and whose condition fits; None at the end."""
    for key in pulse.questions:
        question = definition.question(key)
        if key not in given and (question.when is None or fits(question.when, given)):
            return question
    return None


def fits(condition: Condition, given: Given) -> bool:
    """Whether an earlier answer is as the condition asks; an open or skipped one never is."""
    value = given.get(condition.question)
    if isinstance(value, int):
        low = condition.at_least is None or value >= condition.at_least
        high = condition.at_most is None or value <= condition.at_most
        return low and high and not condition.one_of
    return value in condition.one_of


def open_questions(definition: Definition, pulse: Pulse, given: Given) -> int:
    """How many more questions there can be at the most, over all ways to answer them."""
    question = next_question(definition, pulse, given)
    if question is None:
        return 0
    return 1 + max(
        open_questions(definition, pulse, {**given, question.key: answer})
        for answer in _answers_that_matter(definition, pulse, question)
    )


def answers_before(definition: Definition, pulse: Pulse, key: str) -> dict[str, int | str | None]:
    """The fewest answers that lead to the question `key`; whatever else comes is skipped."""
    wanted: dict[str, int | str | None] = {}
    condition = definition.question(key).when
    while condition is not None and condition.question not in wanted:
        wanted[condition.question] = _fitting(condition)
        condition = definition.question(condition.question).when
    given: dict[str, int | str | None] = {}
    while (question := next_question(definition, pulse, given)) and question.key != key:
        given[question.key] = wanted.get(question.key)
    return given


def _fitting(condition: Condition) -> int | str | None:
    if condition.at_most is not None:
        return condition.at_most
    return condition.at_least if condition.at_least is not None else condition.one_of[0]


def _answers_that_matter(
    definition: Definition, pulse: Pulse, question: Question
) -> list[int | str | None]:
    """A skip, and one answer for each way that the conditions on this question can turn out."""
    conditions = [
        condition
        for key in pulse.questions
        if (condition := definition.question(key).when) and condition.question == question.key
    ]
    possible: list[int | str] = [*range(1, question.points + 1)]
    if question.kind != "scale":
        possible = [option.key for option in question.options]
    by_outcome = {
        tuple(fits(condition, {question.key: answer}) for condition in conditions): answer
        for answer in possible
        if conditions
    }
    return [None, *by_outcome.values()]
