"""Follow-up rules: the first that fits and is allowed wins, and nobody is written to too often."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.definition import Definition
from campaigns.domain.followup import (
    NOTHING,
    Behind,
    Decision,
    PastDecision,
    asks_for_trend,
    decide,
    decide_silence,
    longest_silence,
)
from campaigns.domain.outbox import Kind
from sentiment.course import Trend
from sentiment.labels import Barrier, Score, Stance, Status, Theme
from tests.fakes import a_score
from tests.scene import definition

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


def with_rules(*rules: dict[str, Any]) -> Definition:
    return definition(rules=list(rules))


def a_rule(key: str, send: str = "talk", **when: Any) -> dict[str, Any]:
    limits = {name: when.pop(name) for name in {"at_most", "after_hours"} & when.keys()}
    return {"key": key, "when": when, "send": send, **limits}


def test_decide_takes_the_first_rule_when_two_fit() -> None:
    rules = with_rules(
        a_rule("first", "fear", stance=["resistant"]),
        a_rule("second", "talk", stance=["resistant"]),
    )
    decision = decide(rules, a_score(Stance.RESISTANT), NOTHING, NOW)
    assert decision is not None
    assert (decision.rule, decision.send) == ("first", ("fear",))


def test_decide_takes_the_next_fitting_rule_when_the_first_was_used_up() -> None:
    rules = with_rules(
        a_rule("first", "fear", stance=["resistant"]),
        a_rule("second", "talk", stance=["resistant"]),
    )
    past = Behind([PastDecision("first", LONG_AGO)])
    decision = decide(rules, a_score(Stance.RESISTANT), past, NOW)
    assert decision is not None
    assert decision.rule == "second"


def test_decide_waits_as_long_as_the_rule_says_when_it_fits() -> None:
    rules = with_rules(a_rule("slow", stance=["resistant"], after_hours=30))
    decision = decide(rules, a_score(Stance.RESISTANT), NOTHING, NOW)
    assert decision == Decision(
        Kind.FOLLOW_UP, "slow", ("talk",), NOW + timedelta(hours=30), "stance"
    )


@pytest.mark.parametrize(
    ("score", "fits"),
    [
        (a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.WORKLOAD, Theme.TOOLS)), True),
        (a_score(Stance.AMBIVALENT, Barrier.DESIRE, (Theme.TOOLS,)), True),
        (a_score(Stance.SUPPORTIVE, Barrier.DESIRE, (Theme.TOOLS,)), False),
        (a_score(Stance.RESISTANT, Barrier.NONE, (Theme.TOOLS,)), False),
        (a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.VISION,)), False),
        (a_score(Stance.RESISTANT, Barrier.DESIRE, ()), False),
    ],
)
def test_decide_asks_for_every_list_when_a_rule_has_several(score: Score, fits: bool) -> None:
    rule = a_rule(
        "all", stance=["resistant", "ambivalent"], barrier=["desire"], theme=["tools", "process"]
    )
    decision = decide(with_rules(rule), score, NOTHING, NOW)
    assert (decision is not None) is fits
    assert decision is None or decision.inputs == "stance+barrier+theme"


@pytest.mark.parametrize("when", [{"silence_pulses": 1}, {"safeguarding": True}])
def test_decide_fits_no_answer_when_a_rule_asks_for_no_label(when: dict[str, Any]) -> None:
    assert decide(with_rules(a_rule("other", **when)), a_score(), NOTHING, NOW) is None


@pytest.mark.parametrize("status", [Status.EMPTY, Status.LANGUAGE, Status.ERROR])
def test_decide_follows_up_nothing_when_the_answer_was_not_judged(status: Status) -> None:
    rules = with_rules(a_rule("any", stance=list(Stance), barrier=list(Barrier)))
    assert decide(rules, Score.unscored(status, "m"), NOTHING, NOW) is None


def test_decide_follows_up_nothing_when_the_model_was_unsure() -> None:
    rules = with_rules(a_rule("any", theme=list(Theme)))
    score = a_score(themes=tuple(Theme), status=Status.UNSURE)
    assert decide(rules, score, NOTHING, NOW) is None


@pytest.mark.parametrize("status", [Status.SCORED, Status.UNSURE])
def test_decide_sends_help_at_once_when_words_sound_like_need(status: Status) -> None:
    rules = with_rules(a_rule("any", stance=["resistant"]), a_rule("all", theme=list(Theme)))
    past = Behind([PastDecision("any", NOW), PastDecision("", NOW)], fewer=True)
    score = a_score(Stance.RESISTANT, themes=tuple(Theme), safeguarding=True, status=status)
    decision = decide(rules, score, past, NOW)
    assert decision == Decision(Kind.HELP, "", (), NOW, "safeguarding")


def test_decide_silence_fits_when_enough_pulses_passed_without_an_answer() -> None:
    rules = with_rules(a_rule("quiet", silence_pulses=2), a_rule("words", stance=["resistant"]))
    assert decide_silence(rules, 1, NOTHING, NOW) is None
    for n_silent in (2, 3, 10):
        decision = decide_silence(rules, n_silent, NOTHING, NOW)
        assert decision is not None
        assert (decision.rule, decision.inputs) == ("quiet", "silence")


def test_longest_silence_is_the_furthest_any_rule_looks_back() -> None:
    assert longest_silence(with_rules(a_rule("words", stance=["resistant"]))) == 0
    rules = with_rules(a_rule("two", silence_pulses=2), a_rule("four", silence_pulses=4))
    assert longest_silence(rules) == 4


@pytest.mark.parametrize("elsewhere", [True, False])
def test_decide_leaves_three_weeks_when_another_campaign_followed_up(elsewhere: bool) -> None:
    rules = with_rules(a_rule("any", stance=["resistant"], after_hours=0))
    score = a_score(Stance.RESISTANT)

    def after(days: int) -> Decision | None:
        past = PastDecision("", NOW - timedelta(days=days), elsewhere)
        return decide(rules, score, Behind([past]), NOW)

    assert after(20) is None
    assert after(21) is not None


def test_decide_ends_with_six_follow_ups_when_they_are_of_one_initiative() -> None:
    rules = with_rules(a_rule("any", stance=["resistant"]))
    others = [PastDecision("", LONG_AGO, elsewhere=True)] * 6
    own = [PastDecision("", LONG_AGO)]
    score = a_score(Stance.RESISTANT)
    assert decide(rules, score, Behind(others + own * 5), NOW) is not None
    assert decide(rules, score, Behind(others + own * 6), NOW) is None


def test_decide_follows_up_nothing_when_the_person_asked_for_fewer_messages() -> None:
    rules = with_rules(a_rule("any", stance=["resistant"]), a_rule("quiet", silence_pulses=1))
    fewer = Behind(fewer=True)
    assert decide(rules, a_score(Stance.RESISTANT), fewer, NOW) is None
    assert decide_silence(rules, 5, fewer, NOW) is None


def test_decide_silence_leaves_a_week_after_a_pulse_when_two_were_ignored() -> None:
    rules = with_rules(a_rule("quiet", silence_pulses=1, after_hours=0))
    for days, due_in in ((6, 1), (7, 0), (30, 0)):
        behind = Behind(ignored_at=NOW - timedelta(days=days))
        decision = decide_silence(rules, 2, behind, NOW)
        assert decision is not None
        assert decision.due_at == NOW + timedelta(days=due_in)


@pytest.mark.parametrize(("trend", "fits"), [("worse", True), ("better", False), (None, False)])
def test_decide_fits_a_trend_when_the_answer_moved_that_way(trend: str | None, fits: bool) -> None:
    rules = with_rules(a_rule("slides", stance=["resistant"], trend=["worse"]))
    moved = Trend(trend) if trend else None
    decision = decide(rules, a_score(Stance.RESISTANT), NOTHING, NOW, moved)
    assert (decision is not None) is fits
    assert decision is None or decision.inputs == "stance+trend"
    assert asks_for_trend(rules)
    assert not asks_for_trend(with_rules(a_rule("any", stance=["resistant"])))


scores = st.builds(
    a_score,
    st.sampled_from(Stance),
    st.sampled_from(Barrier),
    st.lists(st.sampled_from(Theme), max_size=3, unique=True).map(tuple),
    safeguarding=st.sampled_from([False, False, False, True]),
)
rules = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.one_of(
                st.fixed_dictionaries(
                    {"stance": st.lists(st.sampled_from(Stance), min_size=1, max_size=4)}
                ),
                st.fixed_dictionaries(
                    {"barrier": st.lists(st.sampled_from(Barrier), min_size=1, max_size=6)}
                ),
                st.fixed_dictionaries(
                    {"theme": st.lists(st.sampled_from(Theme), min_size=1, max_size=9)}
                ),
                st.fixed_dictionaries({"silence_pulses": st.integers(1, 3)}),
            ),
            "send": st.sampled_from(["training", "fear", "talk"]),
            "at_most": st.integers(1, 3),
            "pause_days": st.integers(0, 40),
            "after_hours": st.integers(0, 336),
        }
    ),
    max_size=4,
).map(lambda found: [{"key": f"rule-{i}", **rule} for i, rule in enumerate(found)])
steps = st.lists(st.tuples(st.integers(0, 24 * 20), scores | st.integers(0, 4)), max_size=25)


def decided(
    content: Definition, what: Score | int, past: list[PastDecision], now: datetime
) -> Decision | None:
    if isinstance(what, int):
        return decide_silence(content, what, Behind(past), now)
    return decide(content, what, Behind(past), now)


@given(rules, steps)
def test_decide_keeps_every_limit_when_answers_and_silences_come_in_any_order(
    found: list[dict[str, Any]], happened: list[tuple[int, Score | int]]
) -> None:
    content, now = with_rules(*found), NOW
    past: list[PastDecision] = []
    for hours, what in happened:
        now += timedelta(hours=hours)
        decision = decided(content, what, past, now)
        assert decision == decided(content, what, past, now)
        if isinstance(what, Score) and what.safeguarding:
            assert decision == Decision(Kind.HELP, "", (), now, "safeguarding")
        elif decision is not None:
            assert decision.kind is Kind.FOLLOW_UP
            past.append(PastDecision(decision.rule, decision.due_at))
    due = sorted(one.due_at for one in past)
    assert all(later - earlier >= timedelta(days=21) for earlier, later in pairwise(due))
    for rule in content.campaign.rules:
        same = sorted(one.due_at for one in past if one.rule == rule.key)
        assert len(same) <= rule.at_most
        pause = timedelta(days=rule.pause_days)
        assert all(b - a >= pause for a, b in pairwise(same))


@given(rules, scores)
def test_decide_names_kinds_and_never_values_when_it_says_what_it_rests_on(
    found: list[dict[str, Any]], score: Score
) -> None:
    decision = decide(with_rules(*found), score, NOTHING, NOW)
    allowed = {"stance", "barrier", "theme", "safeguarding"}
    assert decision is None or set(decision.inputs.split("+")) <= allowed
