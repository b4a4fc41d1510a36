"""What a person's answers and a team's people add up to."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment import resistance
from sentiment.resistance import (
    Confusion,
    Evidence,
    corrected_share,
    interval,
    pooled_variance,
    stances,
    value,
)

shares = st.floats(0, 1)


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    raw = [draw(shares) + 1e-6 for _ in range(4)]
    p = [one / sum(raw) for one in raw]
    scales, texts = draw(st.sampled_from([(0, 1), (1, 0), (2, 0), (1, 1), (3, 2)]))
    return Evidence(scales, draw(shares), texts, (p[0], p[1], p[2], p[3]))


def test_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(resistance).failed == 0


@given(evidences())
def test_stances_are_shares_of_one_and_start_with_the_value(evidence: Evidence) -> None:
    found = stances(evidence)
    assert found[0] == value(evidence)
    assert sum(found) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in found)


@given(shares, shares, st.integers(1, 5))
def test_value_falls_as_the_scales_rise(one: float, other: float, n: int) -> None:
    low, high = sorted((one, other))
    assert value(Evidence(n, low)) >= value(Evidence(n, high))


@given(shares, shares)
def test_value_rises_with_the_texts(one: float, other: float) -> None:
    low, high = sorted((one, other))
    less = Evidence(n_texts=1, p_stance=(low, 1 - low, 0, 0))
    more = Evidence(n_texts=1, p_stance=(high, 1 - high, 0, 0))
    assert value(less) <= value(more)


def test_value_refuses_nothing() -> None:
    with pytest.raises(ValueError, match="nothing was answered"):
        value(Evidence())


def test_one_text_alone_is_never_certain() -> None:
    assert value(Evidence(n_texts=1, p_stance=(1.0, 0, 0, 0))) < 0.95


def test_correction_refuses_a_scorer_no_better_than_chance() -> None:
    with pytest.raises(ValueError, match="above 1"):
        Confusion(0.5, 0.5)


@pytest.mark.parametrize("true_share", [0.1, 0.3, 0.6])
def test_correction_finds_the_true_share_of_a_known_confusion(true_share: float) -> None:
    confusion = Confusion(0.75, 0.85)
    observed = true_share * 0.75 + (1 - true_share) * 0.15
    assert corrected_share(observed, confusion) == pytest.approx(true_share)


def test_variance_never_vanishes() -> None:
    assert pooled_variance([]) == pooled_variance([[0.2, 0.2], [0.4]]) > 0
    assert interval(0.5, 5, pooled_variance([])).low < 0.5
