"""Every playbook is a whole campaign: it can be launched once it is filled in, and not before."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import campaigns
from campaigns.domain.agenda import agenda
from campaigns.domain.checking import check
from campaigns.domain.definition import Definition, Pulse, Vision
from campaigns.domain.followup import NOTHING, Behind, PastDecision, decide, decide_silence
from campaigns.domain.offers import choose, gaps
from campaigns.domain.placed_yaml import Places
from campaigns.domain.reading import read_placed
from campaigns.domain.texts import Words, leaves
from campaigns.domain.unfilled import PLACEHOLDER, unfilled
from campaigns.errors import Problem
from campaigns.flows.previewing import render
from sentiment.labels import Barrier, Score, Sentiment, Stance, Status, Theme
from tests.people import clerk

FOLDER = Path(campaigns.__file__).parent / "playbooks"
FILES = sorted(FOLDER.glob("*.yaml"))
OWN = "own wording"
NOW = datetime(2027, 1, 13, 7, 0, tzinfo=UTC)
SECONDS = {"scale": 6, "choice": 8, "text": 25}  # to read a question and answer it
ONE_PULSE, ALL_PULSES = 60, 600
TAPS = {"scale": 5, "choice": 7, "text": 0}  # seconds; words are for who likes to write
OFTEN, SELDOM = 15, 25  # the most that the taps of a pulse take: asked often, or a few times
LONGEST = {"vision": 950, "follow_up": 650, "reminder": 180, "pulse": 240, "action": 250}
LONGER_THAN_ENGLISH = 1.25
LONGEST_WORD = {"en": 15, "de": 28, "fr": 18, "es": 18}
LONGEST_SENTENCE = 30  # words
SILENT = 3

# Nobody talks like this to a colleague.
STILTED = re.compile(
    r"\b(anonym|anónim|leverag|synerg|holistic|paradigm|best practice|going forward|low-hanging|"
    r"empower|deliverable|touchpoint|onboard|stakeholder|change management|change curve|quick win|"
    r"mindset|buy-in|journey|utili[sz]e|seamless|cutting-edge|world-class|alignment)",
    re.I,
)
# Nobody can know it: a message comes later where a week is full, and some are reminded once more.
UNSURE = re.compile(
    r"only reminder|further reminder|einzige Erinn|rappel .*seul|único record|days", re.I
)
# Scales and models that belong to somebody; their ideas may be used, their items may not.
OTHERS = re.compile(r"oreg|utaut|adkar|prosci|net promoter|\bnps\b|likely .{0,20}recommend", re.I)

# Items of the Civil Service People Survey as the Cabinet Office published them (benchmark scores of
# 2020; the numbers hold for 2017 to 2024). Each body puts its own name into the brackets.
SURVEY = {
    "B32": "I have the tools I need to do my job effectively",
    "B40": "I believe that [my organisation's] senior leaders have a clear vision for the future "
    "of [my organisation]",
    "B42": "I feel that change is managed well in [my organisation]",
    "B43": "When changes are made in [my organisation] they are usually for the better",
    "B44": "[My organisation] keeps me informed about matters that affect me",
    "B45": "I have the opportunity to contribute my views before decisions are made that affect me",
}

each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@cache
def source(file: Path) -> tuple[Definition, Places]:
    return read_placed(file.read_bytes(), file.name)


@cache
def filled(file: Path) -> Definition:
    """The playbook as a comms team leaves it: every placeholder has become something real."""
    definition = source(file)[0]
    return Definition.model_validate(
        _filled(definition.model_dump(mode="json", exclude_unset=True))
    )


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return PLACEHOLDER.sub("extension 4444", value) if isinstance(value, str) else value


def _score(stance: Stance, barrier: Barrier, *themes: Theme) -> Score:
    return Score(
        Status.SCORED, stance, (), Sentiment.NEUTRAL, (), barrier, (), themes, (), False, 0, "any"
    )


def _texts(definition: Definition) -> Iterator[tuple[str, str]]:
    """Every text that people read, with its language."""
    for part in (definition.initiative, definition.campaign):
        for _, words in leaves(part, ()):
            if isinstance(words, dict):
                for language, text in words.items():
                    yield language or definition.default_language, PLACEHOLDER.sub("", text)


def _pulses(definition: Definition) -> list[Pulse]:
    return [one for one in definition.campaign.touchpoints if isinstance(one, Pulse)]


def _seconds(definition: Definition, pulse: Pulse) -> int:
    """How long the longest way through a pulse takes: of questions with a condition, one."""
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
def test_playbook_says_what_it_is_for_and_whose_words_it_uses(file: Path) -> None:
    about = source(file)[0].playbook
    assert about is not None
    for one in about.sources:
        assert one.licence == OWN or (one.by and one.link), one.what
    assert not OTHERS.search(file.read_text(encoding="utf-8"))


@each
def test_playbook_credits_an_item_of_the_survey_by_its_number_and_asks_it_word_for_word(
    file: Path,
) -> None:
    definition = source(file)[0]
    assert definition.playbook is not None
    credited = " ".join(one.what for one in definition.playbook.sources if one.licence != OWN)
    items = {text.replace("[", "").replace("]", "") + ".": key for key, text in SURVEY.items()}
    asked = {
        (question.key, items[prompt])
        for question in definition.campaign.questions
        if (prompt := question.prompt.get("") or question.prompt["en"]) in items
    }
    assert set(re.findall(r'"([a-z-]+)" \((B\d\d)\)', credited)) == asked


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
        taps = sum(TAPS[definition.question(key).kind] for key in pulse.questions)
        assert taps <= (OFTEN if planned.count(pulse.key) > 3 else SELDOM), pulse.key
    seconds = {pulse.key: _seconds(definition, pulse) for pulse in pulses}
    assert max(seconds.values()) <= ONE_PULSE
    assert sum(seconds[key] for key in planned) <= ALL_PULSES


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


@each
def test_playbook_is_written_in_plain_words(file: Path) -> None:
    for language, text in _texts(source(file)[0]):
        for word in re.findall(r"[^\W\d_]+", text):
            assert len(word) <= LONGEST_WORD[language], word
        for sentence in re.split(r"[.!?;:]\s|\n", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
        assert not STILTED.search(" ".join(text.split())), text


@each
def test_playbook_is_short_enough_for_a_chat(file: Path) -> None:
    for kind, key, text in _said(source(file)[0]):
        for language, words in text.items():
            most = LONGEST[kind] * (1 if language in ("", "en") else LONGER_THAN_ENGLISH)
            assert len(PLACEHOLDER.sub("", words)) <= most, (kind, key, language, len(words))


@each
def test_reminders_promise_nothing_that_a_full_week_can_break(file: Path) -> None:
    for one in source(file)[0].campaign.touchpoints:
        if one.kind == "reminder":
            for words in (*one.title.values(), *one.text.values()):
                assert not UNSURE.search(words), words


def test_no_sentence_stands_in_two_playbooks() -> None:
    told: dict[str, str] = {}
    for file in FILES:
        for _, key, text in _said(source(file)[0]):
            words = PLACEHOLDER.sub("", text.get("") or text["en"])
            for sentence in re.split(r"[.!?:]\s+|\n+", words):
                if len(sentence.split()) > 8:
                    first = told.setdefault(sentence.strip(), file.stem)
                    assert first == file.stem, (key, sentence)


def _said(definition: Definition) -> Iterator[tuple[str, str, Words]]:
    """Every text of more than a line, with what kind of thing says it and the key of that."""
    for one in definition.campaign.touchpoints:
        if one.text:
            yield one.kind, one.key, one.text
    for action in definition.campaign.agent_actions:
        yield "action", action.key, action.text


@each
def test_playbook_has_every_text_in_all_its_languages(file: Path) -> None:
    definition = source(file)[0]
    languages = set(definition.campaign.languages)
    for path, words in (*leaves(definition.initiative, ()), *leaves(definition.campaign, ())):
        default = path[-1] in ("low", "high")  # the bot has these in every language
        if isinstance(words, dict) and len(languages) > 1 and not default:
            assert set(words) == languages, path
            left = {language: len(PLACEHOLDER.findall(text)) for language, text in words.items()}
            assert len(set(left.values())) == 1, (path, left)
