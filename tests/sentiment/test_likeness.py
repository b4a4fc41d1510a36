"""No look-alike crosses a split, and the shipped corpus is what its datasheet says."""

from collections import Counter
from dataclasses import replace

import pytest

from sentiment.data import PLAIN, Answer, Split
from sentiment.errors import DataError
from sentiment.labels import Barrier, Sentiment, Stance, Theme
from sentiment.likeness import groups, read_corpus, refuse_leaks, split

HARD_SLICES = {
    "tone_vs_stance",
    "irony",
    "negation",
    "hedge",
    "context",
    "clauses",
    "reported_speech",
    "passive_resistance",
    "help_request",
    "noise",
    "non_native",
    "safeguarding_near_miss",
}


@pytest.fixture(scope="module")
def corpus() -> Split:
    return read_corpus()


def answer(number: int, question: str, text: str, pair: str = "") -> Answer:
    labels = (Stance.NEUTRAL, Sentiment.NEUTRAL, Barrier.NONE)
    return Answer(f"x-{number}", question, text, *labels, (), False, pair)


def test_corpus_is_large_and_covers_every_label(corpus: Split) -> None:
    answers = list(corpus)
    assert len(answers) >= 6_000
    assert all(n >= 1_500 for n in Counter(a.stance for a in answers).values())
    assert all(n >= 500 for n in Counter(a.barrier for a in answers).values())
    assert all(n >= 500 for n in Counter(t for a in answers for t in a.themes).values())
    assert set(Theme) == {t for a in answers for t in a.themes}
    pairs = Counter((a.stance, a.sentiment) for a in answers)
    assert all(pairs[stance, tone] >= 100 for stance in Stance for tone in Sentiment)


def test_corpus_covers_each_barrier_with_each_stance(corpus: Split) -> None:
    pairs = Counter((a.stance, a.barrier) for a in corpus)
    # The supportive who don't want it contradict themselves; all other pairs occur in life.
    unlikely = {(Stance.SUPPORTIVE, Barrier.DESIRE), (Stance.NEUTRAL, Barrier.DESIRE)}
    rare = [
        (s, b)
        for s in Stance
        for b in Barrier
        if (s, b) not in unlikely and pairs[s, b] < 20 and b is not Barrier.NONE
    ]
    assert rare == []


def test_corpus_holds_out_enough_answers_of_every_hard_kind(corpus: Split) -> None:
    assert len(corpus.test) >= 600
    kinds = Counter(a.phenomenon for a in corpus.test)
    assert len(corpus.test) - kinds[PLAIN] >= len(corpus.test) / 3
    assert all(kinds[name] >= 30 for name in HARD_SLICES)


def test_corpus_parts_share_no_author_and_no_change(corpus: Split) -> None:
    for field in ("author", "change"):
        sets = [{getattr(a, field) for a in part} - {""} for part in
                (corpus.train, corpus.dev, corpus.test)]  # fmt: skip
        assert not sets[0] & sets[1] | sets[0] & sets[2] | sets[1] & sets[2]
        assert sets[1]
        assert sets[2]


def test_groups_keep_look_alikes_together() -> None:
    answers = [
        answer(1, "What do you think of the new portal?", "Fine."),
        answer(2, "what do you think of the NEW portal", "I will not be using any of it"),
        answer(3, "", "I really will not be using any of it"),
        answer(4, "", "No.", pair="p"),
        answer(5, "Is it so?", "Yes.", pair="p"),
        answer(6, "", "No. "),
    ]
    found = sorted(sorted(a.id for a in group) for group in groups(answers))
    assert found == [["x-1", "x-2", "x-3"], ["x-4", "x-5"], ["x-6"]]


def test_split_is_disjoint_complete_and_leaks_nothing(corpus: Split) -> None:
    answers = list(corpus.train[:3_000])
    parts = split(answers)
    places = {a.id: n for n in ("train", "dev", "test") for a in getattr(parts, n)}
    assert len(places) == len(answers) == len(list(parts))
    assert all(len({places[a.id] for a in group}) == 1 for group in groups(answers))
    assert 0.1 < len(parts.test) / len(answers) < 0.2
    assert split(answers[::-1]) == parts


@pytest.mark.parametrize(
    ("held_out", "expected"),
    [
        ({"author": "w1"}, "its author 'w1' is also in train"),
        ({"change": "c1"}, "its change 'c1' is also in train"),
        ({"text": "We will not use the new portal in spring"}, "nearly the same text"),
        ({"question": "Q", "text": "we will not use the new portal"}, "repeats the question"),
    ],
)
def test_refuse_leaks_finds_what_lies_in_two_parts(held_out: dict[str, str], expected: str) -> None:
    known = replace(answer(1, "Q", "We will not use the new portal"), author="w1", change="c1")
    other = replace(answer(2, "", "Why is it so?"), author="w2", change="c2")
    refuse_leaks(Split((known,), (), (other,)))
    with pytest.raises(DataError, match=expected):
        refuse_leaks(Split((known,), (), (replace(other, **held_out),)))  # type: ignore[arg-type]
