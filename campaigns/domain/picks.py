"""What somebody chose as a label that can be counted: an option, or the side of a scale.

Only of a scale that measures no stance; what the others say is in the figures already.
"""

from campaigns.domain.questions import Question

Pick = tuple[str, str]  # a question's key, and an option's or a side of its scale
LOW, MIDDLE, HIGH = "low", "middle", "high"


def pick_of(question: Question, number: int | None, choice: str | None) -> Pick | None:
    """What an answer to the question chose; None where a figure of stances is made of it.

    >>> question = Question(key="clear", kind="scale", prompt={"": "It is clear."})
    >>> pick_of(question, 4, None), pick_of(question, 3, None), pick_of(question, 1, None)
    (('clear', 'high'), ('clear', 'middle'), ('clear', 'low'))
    """
    if choice is not None:
        return (question.key, choice) if question.kind == "choice" else None
    if number is None or question.kind != "scale" or question.favourable != "none":
        return None
    middle = 1 + question.points
    side = HIGH if 2 * number > middle else LOW if 2 * number < middle else MIDDLE
    return question.key, side
