"""Parts of the answers and the worst errors, on logits made by hand."""

import numpy as np
import pytest

from sentiment import slices as s
from sentiment.data import Answer
from sentiment.labels import Barrier, Sentiment, Stance

EYE = np.eye(4)


def answer(i: int, stance: Stance, text: str = "we will see", **others: object) -> Answer:
    values: dict[str, object] = {
        "id": f"a-{i}",
        "question": "",
        "text": text,
        "stance": stance,
        "sentiment": Sentiment.NEUTRAL,
        "barrier": Barrier.NONE,
        "themes": (),
        "safeguarding": False,
    }
    return Answer(**(values | others))  # type: ignore[arg-type]


def read_as(
    given: list[Stance], p: float = 0.7
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    rest = (1 - p) / 3
    return np.array([rest + (p - rest) * EYE[list(Stance).index(stance)] for stance in given])


def by_name(found: tuple[s.Slice, ...], kind: str) -> dict[str, s.Slice]:
    return {each.name: each for each in found if each.kind == kind}


def test_slices_part_by_length_question_and_tone() -> None:
    half = [Stance.RESISTANT, Stance.SUPPORTIVE] * 20
    short = [answer(i, stance, "not for me") for i, stance in enumerate(half)]
    long = [
        answer(
            100 + i,
            stance,
            "word " * 31,
            question="How is it?",
            sentiment=Sentiment.POSITIVE if stance is Stance.RESISTANT else Sentiment.NEGATIVE,
        )
        for i, stance in enumerate(half)
    ]
    swapped = [Stance.SUPPORTIVE, Stance.RESISTANT] * 20
    found = s.slices([*short, *long], read_as([*half, *swapped]))
    lengths = by_name(found, "length")
    assert list(lengths) == ["under 6 words", "over 30 words"]
    assert [each.accuracy for each in lengths.values()] == [1, 0]
    assert [each.auroc for each in lengths.values()] == [1, 0]
    assert by_name(found, "question")["no question"].macro_f1.value == 1
    assert by_name(found, "question")["with a question"].macro_f1.value == 0
    assert by_name(found, "tone")["tone opposite to stance"].n == 40
    assert by_name(found, "tone")["all others"].accuracy == 1


@pytest.mark.parametrize(
    ("n_words", "name"),
    [(5, "under 6 words"), (6, "6 to 14 words"), (15, "15 to 30 words"), (30, "15 to 30 words")],
)
def test_length_counts_words(n_words: int, name: str) -> None:
    some = [answer(i, Stance.NEUTRAL, "word " * n_words) for i in range(30)]
    assert list(by_name(s.slices(some, read_as([Stance.NEUTRAL] * 30)), "length")) == [name]


def test_slices_put_small_groups_together_and_leave_out_what_is_still_small() -> None:
    names = ["irony"] * 30 + ["negation"] * 20 + ["hedge"] * 10 + [""] * 40
    some = [answer(i, Stance.NEUTRAL, phenomenon=name) for i, name in enumerate(names)]
    found = by_name(s.slices(some, read_as([Stance.NEUTRAL] * 100)), "phenomenon")
    assert {name: each.n for name, each in found.items()} == {"irony": 30, s.REST: 30}
    found = by_name(s.slices(some[:40], read_as([Stance.NEUTRAL] * 40)), "phenomenon")
    assert list(found) == ["irony"]


def test_slices_number_the_writers_and_never_name_them() -> None:
    some = [answer(i, Stance.NEUTRAL, author=("", "Ada", "Bo")[i % 3]) for i in range(90)]
    found = s.slices(some, read_as([Stance.NEUTRAL] * 90))
    assert set(by_name(found, "writer")) == {"writer 1", "writer 2"}


def test_macro_f1_of_a_slice_is_over_the_stances_that_occur_in_it() -> None:
    truth = [Stance.RESISTANT] * 20 + [Stance.NEUTRAL] * 20
    some = [answer(i, stance) for i, stance in enumerate(truth)]
    given = [Stance.RESISTANT] * 20 + [Stance.NEUTRAL] * 10 + [Stance.AMBIVALENT] * 10
    part = by_name(s.slices(some, read_as(given)), "question")["no question"]
    assert part.macro_f1.value == pytest.approx((1 + 2 / 3) / 2)
    assert part.macro_f1.low < part.macro_f1.value < part.macro_f1.high


def test_worst_gives_the_surest_errors_first_and_only_errors() -> None:
    some = [answer(i, Stance.NEUTRAL) for i in range(3)]
    p = np.vstack(
        [
            read_as([Stance.NEUTRAL], 0.6),
            read_as([Stance.SUPPORTIVE], 0.7),
            read_as([Stance.RESISTANT], 0.97),
        ]
    )
    first, second = s.worst(some, p)
    assert (first.id, first.given, second.id) == ("a-2", Stance.RESISTANT, "a-1")
    assert first.p_truth == pytest.approx(0.01)
    assert first.loss == pytest.approx(-np.log(0.01))
    assert len(s.worst(some, p, n=1)) == 1


def test_slice_table_is_markdown_with_a_dash_where_nothing_was_measured() -> None:
    some = [answer(i, Stance.NEUTRAL) for i in range(30)]
    table = s.slice_table(s.slices(some, read_as([Stance.NEUTRAL] * 30)))
    assert "| question: no question | 30 | 1.00 (1.00 to 1.00) | 1.00 | – |" in table
