"""What scoring expects of any model; asked of the fake and of the one that ships."""

from collections.abc import Callable

import pytest

from campaigns.flows.scoring import Scorer
from sentiment.labels import Barrier, Sentiment, Stance, Status, Theme
from tests.fakes import FixedScorer

QUESTION = "What makes you say so?"
PAIRS = [
    (QUESTION, "Nobody showed us how the new portal works and I am lost with it."),
    (QUESTION, "  "),
    (QUESTION, "I look forward to it, it saves us a lot of paper."),
    ("", "Fine."),
    (QUESTION, "word " * 200),
    (QUESTION, "I look forward to it, it saves us a lot of paper."),
]


def _shipped() -> Scorer:
    from sentiment.card import SMALL
    from sentiment.scorer import TransformerScorer

    return TransformerScorer.load(SMALL)


MAKERS: dict[str, Callable[[], Scorer]] = {"fake": FixedScorer, "shipped": _shipped}


@pytest.fixture(scope="module", params=["fake", pytest.param("shipped", marks=pytest.mark.slow)])
def scorer(request: pytest.FixtureRequest) -> Scorer:
    return MAKERS[request.param]()


def test_scorer_gives_one_score_a_pair_when_given_any_batch(scorer: Scorer) -> None:
    assert scorer.score([]) == []
    for n in (1, len(PAIRS)):
        assert len(scorer.score(PAIRS[:n])) == n


def test_scorer_judges_alike_when_a_text_comes_alone_or_among_others(scorer: Scorer) -> None:
    together = scorer.score(PAIRS)
    alone = [scorer.score([pair])[0] for pair in PAIRS]
    for one, other in zip(together, alone, strict=True):
        assert (one.status, one.stance, one.barrier) == (other.status, other.stance, other.barrier)
        assert one.p_stance == pytest.approx(other.p_stance, abs=1e-3)
    assert together[2] == together[5]


def test_scorer_says_empty_when_there_is_nothing_to_read(scorer: Scorer) -> None:
    assert scorer.score(PAIRS)[1].status is Status.EMPTY


def test_scorer_gives_probabilities_in_the_order_of_the_labels_when_it_judged(
    scorer: Scorer,
) -> None:
    judged = [one for one in scorer.score(PAIRS) if one.p_stance]
    assert judged
    for one in judged:
        assert len(one.p_stance) == len(Stance)
        assert len(one.p_themes) == len(Theme)
        assert sum(one.p_stance) == pytest.approx(1, abs=1e-4)
        assert len(one.p_sentiment) == len(Sentiment)
        assert len(one.p_barrier) == len(Barrier)


def test_scorer_names_its_version_when_it_scores(scorer: Scorer) -> None:
    assert 0 < len(scorer.model_version) <= 80  # the column that keeps it
    assert {one.model for one in scorer.score(PAIRS)} == {scorer.model_version}
