"""What playbooks say is plain, short, true, nobody else's without credit, and said once."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from campaigns.domain.definition import Definition
from campaigns.domain.texts import Words, leaves
from campaigns.domain.unfilled import PLACEHOLDER, unfilled
from tests.playbooks import FILES, each, source

OWN = "own wording"
LONGEST = {"vision": 950, "follow_up": 650, "reminder": 180, "pulse": 240, "action": 250}
LONGER_THAN_ENGLISH = 1.25
LONGEST_WORD = {"en": 15, "de": 28, "fr": 18, "es": 18}
LONGEST_SENTENCE = 30  # words

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


def _texts(definition: Definition) -> Iterator[tuple[str, str]]:
    """Every text that people read, with its language."""
    for part in (definition.initiative, definition.campaign):
        for _, words in leaves(part, ()):
            if isinstance(words, dict):
                for language, text in words.items():
                    yield language or definition.default_language, PLACEHOLDER.sub("", text)


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
def test_placeholder_is_filled_in_everywhere_by_replacing_it_once(file: Path) -> None:
    left = Counter(one for _, found in unfilled(source(file)[0]) for one in found)
    text = file.read_text(encoding="utf-8")
    broken = [one for one, n in left.items() if text.count(one) < n]
    assert broken == [], "begins on one line and ends on the next"
    assert len({one.lower() for one in left}) == len(left), "the same in two spellings"


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
