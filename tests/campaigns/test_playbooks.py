"""Every playbook is a whole campaign: it can be launched once it is filled in, and not before."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

from campaigns.domain.agenda import agenda
from campaigns.domain.checking import check
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.followup import NOTHING, Behind, PastDecision, decide, decide_silence
from campaigns.domain.offers import choose, gaps
from campaigns.domain.rotation import first, rounds_for_all
from campaigns.domain.unfilled import unfilled
from campaigns.errors import Problem
from campaigns.flows.previewing import render
from sentiment.labels import Barrier, Score, Sentiment, Stance, Status, Theme
from tests.people import clerk
from tests.playbooks import FILES, FOLDER, NOW, each, filled, source

SECONDS = {"scale": 6, "choice": 8, "text": 25}  # to read a question and answer it
ONE_PULSE, ALL_PULSES = 60, 600
TAPS = {"scale": 5, "choice": 7, "text": 0}  # seconds; words are for who likes to write
OFTEN, SELDOM = 15, 25  # the most that the taps of a pulse take: asked often, or a few times
SILENT = 3

# What somebody knows, can do or has seen doesn't tell whether they are for the change.
NO_STANCE = re.compile(
    r"^(I know|I have|I hear|I understand|In the|In my|We |What )|\bI (can|could|get|would)\b"
)


def _score(stance: Stance, barrier: Barrier, *themes: Theme) -> Score:
    return Score(
        Status.SCORED, stance, (), Sentiment.NEUTRAL, (), barrier, (), themes, (), False, 0, "any"
    )


def _pulses(definition: Definition) -> list[Pulse]:
    return [one for one in definition.campaign.touchpoints if isinstance(one, Pulse)]


def _seconds(definition: Definition, pulse: Pulse) -> int:
    """How long the longest way through a pulse takes: of questions with a condition, one."""
    return max(_seconds_of_all(definition, one) for one in _rounds(pulse))


def _rounds(pulse: Pulse) -> list[Pulse]:
    """The pulse as it is asked in one round after the other."""
    return [pulse.in_round(asks) for asks in first(pulse, rounds_for_all(pulse))]


def _seconds_of_all(definition: Definition, pulse: Pulse) -> int:
    asked = [definition.question(key) for key in pulse.questions]
    always = sum(SECONDS[one.kind] for one in asked if one.when is None)
    return always + max((SECONDS[one.kind] for one in asked if one.when is not None), default=0)


def test_there_are_playbooks_and_each_is_called_as_its_concern_is_known() -> None:
    assert FILES
    assert all(re.fullmatch(r"[a-z][a-z-]+", file.stem) for file in FILES)
    concerns = [about.concern for file in FILES if (about := source(file)[0].playbook)]
    assert len(set(concerns)) == len(FILES)


@each
def test_playbook_is_refused_for_nothing_but_what_is_to_be_filled_in(file: Path) -> None:
    definition, places = source(file)
    found = check(definition, NOW, owners=(), places=places)
    assert {problem.severity for problem in found} == {"error"}
    assert all(problem.message.endswith("still to be filled in") for problem in found), found
    assert len(found) == len(list(unfilled(definition)))
    told = " ".join(problem.place for problem in found)
    for index in range(len(definition.campaign.help_contacts)):
        assert f"help_contacts[{index + 1}].contact)" in told
    assert "owners[1]" in told


@each
def test_filled_in_playbook_can_be_launched_on_any_day(file: Path) -> None:
    definition = filled(file)
    found: list[Problem] = []
    for n_days in range(0, 35, 3):
        found += check(definition, NOW + timedelta(days=n_days), audience_size=100)
    assert found == []
    languages = {message.language for message in render(definition)}
    assert languages == set(definition.campaign.languages)


@each
def test_playbook_tells_the_vision_in_a_series(file: Path) -> None:
    definition = filled(file)
    planned = agenda(definition, NOW.date())
    told = [one for one in planned if one.kind == "vision"]
    assert len(told) >= 4
    assert isinstance(definition.campaign.touchpoints[0], Vision)
    last_asked = max(one.at for one in planned if one.kind == "pulse")
    assert told[-1].at >= last_asked - timedelta(days=3), "the end says nothing of what came of it"


@each
def test_playbook_asks_shortly_again_and_again_and_in_three_ways(file: Path) -> None:
    definition = filled(file)
    planned = [one.touchpoint for one in agenda(definition, NOW.date()) if one.kind == "pulse"]
    pulses = _pulses(definition)
    assert len(pulses) >= 2
    kinds = {
        pulse.key: {definition.question(key).kind for key in pulse.questions}
        for pulse in pulses
        if planned.count(pulse.key) >= 3
    }
    assert {"scale", "choice", "text"} in kinds.values()
    for pulse in pulses:
        taps = max(
            sum(TAPS[definition.question(key).kind] for key in one.questions)
            for one in _rounds(pulse)
        )
        assert taps <= (OFTEN if planned.count(pulse.key) > 3 else SELDOM), pulse.key
    seconds = {pulse.key: _seconds(definition, pulse) for pulse in pulses}
    assert max(seconds.values()) <= ONE_PULSE
    assert sum(seconds[key] for key in planned) <= ALL_PULSES


def test_digital_strategy_asks_three_things_in_turn_and_each_twice() -> None:
    definition = filled(FOLDER / "digital-strategy.yaml")
    planned = [one for one in agenda(definition, NOW.date()) if one.touchpoint == "pulse"]
    assert [one.asks for one in planned] == [("first",), ("tools",), ("clear-vision",)] * 2
    often = next(one for one in _pulses(definition) if one.key == "pulse")
    assert often.every_round() == ("direction", "obstacle", "comment")


@each
def test_playbook_takes_for_a_stance_only_where_somebody_stands(file: Path) -> None:
    definition = source(file)[0]
    stances = {
        question.key: question.prompt.get("") or question.prompt["en"]
        for question in definition.campaign.questions
        if question.kind == "scale" and question.favourable != "none"
    }
    assert not [prompt for prompt in stances.values() if NO_STANCE.search(prompt)]
    planned = [one.touchpoint for one in agenda(definition, NOW.date()) if one.kind == "pulse"]
    often = max(_pulses(definition), key=lambda pulse: planned.count(pulse.key))
    assert stances.keys() & set(often.questions), "nobody is asked again and again where they stand"


@each
def test_playbook_answers_every_barrier_silence_and_support(file: Path) -> None:
    definition = filled(file)
    purposes: dict[str, str] = {
        one.key: one.purpose for one in definition.campaign.touchpoints if one.kind == "follow_up"
    }
    sent: set[str] = set()
    for barrier in set(Barrier) - {Barrier.NONE}:
        for stance in (Stance.RESISTANT, Stance.AMBIVALENT, Stance.NEUTRAL):
            decision = decide(definition, _score(stance, barrier), NOTHING, NOW)
            assert decision is not None, (barrier, stance)
            sent.update(decision.send)
    assert len(sent) == 5, "one answer to two barriers fits neither"
    assert {"why", "talk", "co_design", "training", "champion"} <= set(purposes.values())
    assert decide_silence(definition, SILENT, NOTHING, NOW) is not None
    thanked = list(_until_nothing_follows(
        lambda past, now: decide(definition, _score(Stance.SUPPORTIVE, Barrier.NONE), past, now)
    ))  # fmt: skip
    assert "thanks" in [purposes[key] for key in thanked]


def _until_nothing_follows(follow: Callable[..., Any]) -> Iterator[str]:
    past: list[PastDecision] = []
    for n_weeks in range(26):
        decision = follow(Behind(past), NOW + timedelta(weeks=n_weeks))
        if decision is not None:
            past.append(PastDecision(decision.rule, decision.due_at))
            yield decision.send[0]


def test_playbooks_with_competences_have_a_training_for_every_gap() -> None:
    offered = []
    for definition in map(filled, FILES):
        named = [one for has in definition.campaign.competences for one in has.wanted]
        roles = {"any other", *(role for one in named for role in one.roles)}
        asking = [one for one in definition.campaign.questions if one.competence]
        for question, role, said in product(asking, roles, range(1, 6)):
            answers = {question.key: said}
            if gaps(definition, role, answers):
                someone = clerk(role=role)
                offered.append(choose(definition, someone, answers, (), (), NOW.date()))
    assert offered
    assert None not in offered


@each
def test_playbook_gives_change_agents_something_to_do(file: Path) -> None:
    campaign = filled(file).campaign
    barriers = {barrier for one in campaign.agent_actions for barrier in one.barriers}
    themes = {theme for one in campaign.agent_actions for theme in one.themes}
    assert barriers == set(Barrier) - {Barrier.NONE}
    assert len(themes) >= 6
    assert {theme for rule in campaign.rules for theme in rule.when.theme} <= themes


@each
def test_playbook_has_goals_that_can_be_measured(file: Path) -> None:
    goals = source(file)[0].initiative.goals
    assert len(goals) >= 4
    for goal in goals:
        assert re.search(r"\d|\[|start", goal.measure), f"from where does it start? {goal.measure}"
        assert re.search(r"\d", goal.target), f"how much is reached? {goal.target}"
