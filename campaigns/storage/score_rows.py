"""A score as the columns of a row, the same for scores in force and for scores to come.

A row has no text in it, and must never get one.
"""

import json
from typing import Any

from sentiment.labels import Score


def as_row(score: Score) -> dict[str, Any]:
    """All that the model said, by column; `answer_id` and moments are the caller's to add."""
    resistant, ambivalent, neutral, supportive = score.p_stance or (None,) * 4
    heads = {
        "stance": score.p_stance,
        "sentiment": score.p_sentiment,
        "barrier": score.p_barrier,
        "themes": score.p_themes,
        "safeguarding": score.p_safeguarding,
    }
    return {
        "model": score.model,
        "status": score.status,
        "stance": score.stance,
        "sentiment": score.sentiment,
        "barrier": score.barrier,
        "themes": ";".join(score.themes),
        "safeguarding": score.safeguarding,
        "p_resistant": resistant,
        "p_ambivalent": ambivalent,
        "p_neutral": neutral,
        "p_supportive": supportive,
        "probabilities": json.dumps(heads) if score.p_stance else "{}",
    }
