"""The interval says what it must, and of few people nothing is said."""

import json
from dataclasses import asdict, replace
from math import log, sqrt
from random import Random

import pytest

from campaigns.domain.confidentiality import (
    WITHHELD,
    ReleasedEffect,
    Withheld,
    release_effect,
)
from campaigns.domain.experiments import Arm, Tally, Unit, Verdict, from_json
from campaigns.domain.thompson import Record


def tally(
    n: int, effect: float, p_held: float = 0.2, seed: int = 1, people: int | None = None
) -> Tally:
    """What `n` outcomes come to when a message moves answers by `effect`, spread by .3."""
    chance, found = Random(seed), Tally()
    for _ in range(n):
        held = chance.random() < p_held
        change = chance.gauss(0.1 + (0 if held else effect), 0.3)
        found = found.plus(Unit((change,), held, p_held))
    n_held = round(n * p_held)
    return replace(
        found,
        sent=Arm(2 * (n - n_held), n - n_held, n - n_held if people is None else people),
        held=Arm(2 * n_held, n_held, n_held if people is None else people),
    )


def test_effect_is_what_the_formula_of_the_paper_gives() -> None:
    found = Tally(n=100, total=10.0, squares=26.0)
    r = (-2 * log(0.05) + log(-2 * log(0.05)) + 1) / 200
    reach = 0.5 * sqrt(2 * (100 * r + 1) / (100**2 * r) * log(sqrt(100 * r + 1) / 0.05))
    effect = found.effect()
    assert effect.mean == pytest.approx(0.1)
    assert effect.high - effect.mean == pytest.approx(reach)
    assert effect.mean - effect.low == pytest.approx(reach)


@pytest.mark.parametrize(
    ("effect", "verdict"),
    [(0.15, Verdict.HELPS), (0.0, Verdict.UNCLEAR), (-0.15, Verdict.HARMS)],
)
def test_release_says_what_the_interval_says(effect: float, verdict: Verdict) -> None:
    found = release_effect(tally(2000, effect))
    assert isinstance(found, ReleasedEffect)
    assert found.verdict is verdict
    assert found.low <= round(100 * effect) <= found.high
    assert (found.again_sent, found.again_held) == (50, 50)


def test_more_people_are_needed_the_fewer_are_held_out() -> None:
    tenth, half = (tally(100, 0.0, p_held).still_needed() for p_held in (0.1, 0.5))
    assert 0 < half < tenth
    assert tally(5000, 0.0, 0.5).still_needed() == 0


@pytest.mark.parametrize("n", [101, 104, 107])
def test_how_many_are_still_needed_is_told_in_tens(n: int) -> None:
    """A finer number would move with each answer."""
    found = release_effect(tally(n, 0.0, 0.5))
    assert isinstance(found, ReleasedEffect)
    assert found.needed > 0
    assert found.needed % 10 == 0


@pytest.mark.parametrize(
    "few",
    [
        tally(39, 0.9, p_held=0.5),
        tally(400, 0.9, people=9),
        tally(400, 0.0, p_held=0.02),  # eight people were held out
        replace(tally(400, 0.9), n=39),
        replace(tally(400, 0.9), if_held=Record(n=9)),  # nine teams were held out, of many people
        Tally(),
    ],
)
def test_release_shows_nothing_of_few_people_however_clear_it_is(few: Tally) -> None:
    assert release_effect(few) == WITHHELD
    assert isinstance(release_effect(few), Withheld)


def test_rates_are_not_shown_below_twenty_people_on_a_side() -> None:
    found = release_effect(tally(400, 0.0, people=19))
    assert isinstance(found, ReleasedEffect)
    assert (found.again_sent, found.again_held) == (None, None)


def test_nobody_else_can_make_a_released_effect() -> None:
    with pytest.raises(TypeError, match="confidentiality"):
        ReleasedEffect(Verdict.HELPS, 1, 2, 0, None, None)


def test_team_that_shares_a_draw_counts_as_one() -> None:
    found = Tally().plus(Unit((0.4, 0.0, 0.2), held=True, p_held=0.5))
    assert found.n == 1
    assert found.total == pytest.approx(-0.4)
    assert found.plus(Unit((), held=False, p_held=0.5)) == found


def test_tally_is_the_same_after_it_was_stored() -> None:
    found = replace(tally(50, 0.1), variants={"talk": Record(3, 0.5, 0.2)})
    assert from_json(json.loads(json.dumps(asdict(found)))) == found
