"""What a person's answers and a team's people add up to."""

import doctest
from random import Random

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
    shrink,
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


@given(st.dictionaries(st.integers(1, 9), st.lists(shares, max_size=12), max_size=9))
def test_estimates_lie_between_team_and_organisation(teams: dict[int, list[float]]) -> None:
    found = shrink(teams)
    everybody = [one for values in teams.values() for one in values]
    assert found.keys() == {team for team, values in teams.items() if values}
    for team, estimate in found.items():
        own, all_of_them = sum(teams[team]) / len(teams[team]), sum(everybody) / len(everybody)
        assert min(own, all_of_them) - 1e-9 <= estimate.mean <= max(own, all_of_them) + 1e-9
        assert 0 <= estimate.low <= estimate.mean + 1e-9
        assert estimate.mean - 1e-9 <= estimate.high <= 1


def test_small_teams_are_drawn_more() -> None:
    found = shrink({1: [0.9] * 3, 2: [0.9] * 30, 3: [0.2, 0.3] * 100})
    assert found[1].weight < found[2].weight
    assert found[1].mean < found[2].mean


def test_interval_covers_nine_of_ten_teams() -> None:
    chance, covered, n = Random(3), 0, 0
    for _ in range(40):
        truth = {team: min(0.8, max(0.05, chance.gauss(0.3, 0.1))) for team in range(30)}
        seen = {
            team: [float(chance.random() < mean) for _ in range(chance.randint(5, 25))]
            for team, mean in truth.items()
        }
        found = shrink(seen)
        covered += sum(found[t].low <= truth[t] <= found[t].high for t in truth)
        n += len(truth)
    assert 0.86 <= covered / n <= 0.95


def test_variance_never_vanishes() -> None:
    assert pooled_variance([]) == pooled_variance([[0.2, 0.2], [0.4]]) > 0
    assert interval(0.5, 5, pooled_variance([])).low < 0.5
