"""When an alert is raised, kept and resolved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.alerts import (
    CALM_CLOSES,
    COOL_DOWN,
    LOWER,
    STANDING,
    UPPER,
    AlertKind,
    AlertState,
    Decision,
    Finding,
    Past,
    Strength,
    count_calm,
    decide,
    dump,
    load,
    strength,
    suggest,
)
from campaigns.domain.confidentiality import Size
from campaigns.domain.definition import AgentAction
from sentiment.labels import Barrier, Theme

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def past(state: AlertState, age: timedelta = timedelta(weeks=8)) -> Past:
    return Past(state, NOW - age, NOW - age)


def test_enough_solid_evidence_raises() -> None:
    assert decide(UPPER, True, 0, None, NOW) is Decision.RAISE


@pytest.mark.parametrize(("evidence", "solid"), [(0.99, True), (3.0, False), (None, True)])
def test_anything_less_does_not(evidence: float | None, solid: bool) -> None:
    assert decide(evidence, solid, 0, None, NOW) is Decision.NOTHING


@pytest.mark.parametrize("state", sorted(STANDING))
def test_a_standing_alert_is_never_raised_again(state: AlertState) -> None:
    assert decide(9.0, True, 0, past(state), NOW) is Decision.KEEP


@pytest.mark.parametrize("state", [AlertState.CLOSED, AlertState.RESOLVED])
def test_a_closed_alert_rests_four_weeks(state: AlertState) -> None:
    young = past(state, COOL_DOWN - timedelta(seconds=1))
    assert decide(9.0, True, 0, young, NOW) is Decision.NOTHING
    assert decide(9.0, True, 0, past(state, COOL_DOWN), NOW) is Decision.RAISE


def test_two_calm_closes_resolve_but_not_before_four_weeks() -> None:
    standing = past(AlertState.TAKEN)
    assert decide(0.0, False, CALM_CLOSES - 1, standing, NOW) is Decision.KEEP
    assert decide(0.0, False, CALM_CLOSES, standing, NOW) is Decision.RESOLVE
    young = past(AlertState.OPEN, COOL_DOWN - timedelta(seconds=1))
    assert decide(0.0, False, CALM_CLOSES, young, NOW) is Decision.KEEP


def test_calm_closes_are_counted_in_a_row() -> None:
    assert count_calm(0, LOWER - 0.01) == 1
    assert count_calm(1, LOWER) == 0
    assert count_calm(1, None) == 1


@given(st.lists(st.one_of(st.none(), st.floats(0, 3)), max_size=40), st.integers(1, 6))
def test_no_history_makes_an_alert_flap(evidence: list[float | None], weeks: int) -> None:
    """Every change is at least four weeks after the one before."""
    newest: Past | None = None
    calm, now, changes = 0, NOW, [NOW - COOL_DOWN]
    for one in evidence:
        now += timedelta(weeks=weeks)
        calm = count_calm(calm, one)
        decision = decide(one, True, calm, newest, now)
        if decision is Decision.RAISE:
            newest = Past(AlertState.OPEN, now, now)
        if decision is Decision.RESOLVE:
            assert newest is not None
            newest = Past(AlertState.RESOLVED, newest.raised_at, now)
        if decision in (Decision.RAISE, Decision.RESOLVE):
            assert now - changes[-1] >= COOL_DOWN
            changes.append(now)


@given(st.lists(st.floats(LOWER, UPPER, exclude_max=True), max_size=20))
def test_between_the_thresholds_nothing_changes(evidence: list[float]) -> None:
    calm = 0
    for one in evidence:
        calm = count_calm(calm, one)
        assert decide(one, True, calm, None, NOW) is Decision.NOTHING
        assert decide(one, True, calm, past(AlertState.OPEN), NOW) is Decision.KEEP


def action(
    key: str, barriers: tuple[Barrier, ...] = (), themes: tuple[Theme, ...] = ()
) -> AgentAction:
    words = {"": key}
    return AgentAction(key=key, title=words, text=words, barriers=barriers, themes=themes)


ACTIONS = [
    action("all"),
    action("tools", themes=(Theme.TOOLS,)),
    action("able", barriers=(Barrier.ABILITY,)),
    action("know", barriers=(Barrier.KNOWLEDGE,)),
]


def test_actions_for_the_barrier_come_first_then_the_themes() -> None:
    assert suggest(ACTIONS, Barrier.ABILITY, (Theme.TOOLS,)) == ("able", "tools", "all")


def test_two_actions_at_least_even_where_one_fits() -> None:
    assert suggest(ACTIONS, None, ()) == ("all", "tools")
    assert suggest(ACTIONS[:1], None, ()) == ("all",)
    assert suggest([], Barrier.DESIRE, ()) == ()


def test_an_action_without_barriers_does_not_fit_an_unknown_one() -> None:
    assert suggest([action("all"), *ACTIONS[1:]], None, (Theme.TOOLS,)) == ("tools", "all")


def test_strength_is_a_word() -> None:
    assert strength(1.0) is Strength.SOME
    assert strength(1.5) is Strength.STRONG


def test_a_finding_survives_its_storage() -> None:
    finding = Finding(
        "Permits",
        AlertKind.HIGH,
        Strength.SOME,
        date(2027, 1, 4),
        Size.TENS,
        Barrier.ABILITY,
        (Theme.TOOLS, Theme.WORKLOAD),
        ("listen",),
        ("vision",),
    )
    assert load(dump(finding)) == finding
