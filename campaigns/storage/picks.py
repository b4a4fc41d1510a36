"""What people chose in a period, for the confidentiality door alone.

Choices, and the side of a scale that measures no stance. A scale that does is in the figures
already (`aggregates`); whoever only chose counts in no figure, so these only add to who does.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, select

from campaigns.domain.definition import Question
from campaigns.domain.periods import Span
from campaigns.domain.picks import Pick, pick_of
from campaigns.storage.tables import answers


def of_period(
    c: Connection, campaign_id: int, questions: Sequence[Question], period: Span
) -> dict[int, frozenset[Pick]]:
    """Person → what they chose in the period, of these questions."""
    known = {question.key: question for question in questions}
    wanted = select(
        answers.c.person_id, answers.c.question, answers.c.number, answers.c.choice
    ).where(
        answers.c.campaign_id == campaign_id,
        answers.c.answered_at >= period.start,
        answers.c.answered_at < period.end,
        answers.c.kind.in_(("choice", "scale")),
    )
    found: dict[int, set[Pick]] = defaultdict(set)
    for person, key, number, choice in c.execute(wanted):
        if key in known and (pick := pick_of(known[key], number, choice)):
            found[person].add(pick)
    return {person: frozenset(picks) for person, picks in found.items()}
