"""Every mistake in a campaign file is told by its place and in plain words."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.definition import Cron, Definition, Pulse, Vision
from campaigns.domain.reading import read, read_placed
from campaigns.errors import DefinitionError, Problem

DEMO = Path(__file__).parents[3] / "bot" / "demo" / "campaign.yaml"
GOOD = """\
initiative:
  key: portal
  title: A portal
  what: {en: One portal, de: Ein Portal}
  why: Less paper
  for_whom: Everybody
  sponsor: The director
  goals:
    - {title: Faster, measure: days, target: "20"}
campaign:
  key: portal-1
  title: The portal
  languages: [en, de]
  help_contacts:
    - {name: Advice, contact: extension 1}
  questions:
    - {key: ready, kind: scale, prompt: I am ready.}
    - {key: why, kind: text, prompt: Why?, when: {question: ready, at_most: 2}}
  touchpoints:
    - {key: hello, kind: vision, when: {days_after_launch: 0, time: "09:30"}, title: Hi, text: Why}
    - {key: pulse, kind: pulse, when: {cron: "0 10 * * 2"}, title: How?, questions: [ready, why]}
    - {key: again, kind: reminder, when: {pulse: pulse, days: 2}, title: Still, text: Open}
    - {key: course, kind: follow_up, purpose: training, title: Course, text: Come}
  rules:
    - {key: learn, when: {barrier: [knowledge]}, send: course}
"""
JARGON = re.compile(
    r"pydantic|union|dict\b|tuple|string|integer|Input should|Value error|NoneType|str\b|"
    r"Extra inputs|Traceback|discriminator|Field|model|mapping values",
    re.IGNORECASE,
)


def refusal(source: str | bytes) -> str:
    with pytest.raises(DefinitionError) as caught:
        read(source, "campaign.yaml")
    return str(caught.value)


def problems(source: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with it; any other way to fail than a refusal fails the test."""
    try:
        read(source, "campaign.yaml")
    except DefinitionError as error:
        return error.problems or (Problem("", "a refusal that names nothing"),)
    return ()


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def test_read_gives_the_definition_of_a_good_file() -> None:
    definition = read(GOOD, "campaign.yaml")
    assert definition.campaign.key == "portal-1"
    assert definition.initiative.title == {"": "A portal"}
    pulse, hello = definition.touchpoint("pulse"), definition.touchpoint("hello")
    assert isinstance(pulse, Pulse)
    assert isinstance(pulse.when, Cron)
    assert isinstance(hello, Vision)
    assert read(GOOD.encode(), "x") == read("\ufeff".encode() + GOOD.encode(), "x") == definition


def test_definition_survives_being_stored() -> None:
    definition = read(DEMO.read_bytes(), DEMO.name)
    assert Definition.model_validate_json(definition.model_dump_json(by_alias=True)) == definition
    assert Definition.model_validate_json(definition.model_dump_json()) == definition


BUSY = "[en, de]\n  busy_times: [{{label: Audit, from: {}, until: {}}}]"
MISTAKES = [
    ("key: portal\n", "key: My Portal\n", 2, "initiative.key", "lower-case letters"),
    ("  why: Less paper\n", "", 1, "initiative", '"why" is missing'),
    ("  why: Less paper\n", "  why:\n", 5, "initiative.why", "there is nothing here"),
    ("why: Less paper", "why: 5", 5, "initiative.why", "expected a text, or one text for each"),
    ("de: Ein Portal", "de: ' '", 4, "initiative.what", "the text in de is empty"),
    ("de: Ein Portal", "german: x", 4, "initiative.what", '"german" is not a language code'),
    ("de: Ein Portal", "de: 7", 4, "initiative.what.de", "expected a text; found the number 7"),
    ("sponsor: The", "sponser: The", 7, "initiative.sponser", 'did you mean "sponsor"?'),
    ("[en, de]", "en", 13, "campaign.languages", 'expected a list (lines that begin with "- "'),
    ("[en, de]", "[en, en]", 10, "campaign", 'the language "en" stands here twice'),
    ("[en, de]", "[English]", 13, "campaign.languages[1]", "expected a language code"),
    ("prompt: I am ready.", "prompt: x, points: 11", 17, "points", "expected 10 or less"),
    ("prompt: I am ready.", "prompt: x, points: many", 17, "points", "expected a whole number"),
    ("prompt: I am ready.", "prompt: x, points: 2.5", 17, "points", "expected a whole number"),
    ("kind: scale", "kind: scales", 17, "questions[ready].kind", 'did you mean "scale"?'),
    ("kind: scale", "kind: choice", 17, "questions[ready]", "needs at least 2 options"),
    ("kind: text, ", "kind: text, favourable: low, ", 18, "questions[why]", "only a question of"),
    ("kind: text, ", "kind: text, options: [], points: 3, ", 18, "[why]", "kind scale has"),
    ("at_most: 2", "at_most: 2, at_least: 1", 18, "questions[why].when", "exactly one of at_most"),
    (", at_most: 2", "", 18, "questions[why].when", "exactly one of at_most"),
    ('{days_after_launch: 0, time: "09:30"}', "tomorrow", 20, "[hello].when", "expected one of at"),
    ("days_after_launch: 0", "days_after_launch: -1", 20, "when.days_after_launch", "0 or more"),
    ("days_after_launch: 0", "days_afer_launch: 0", 20, "[hello].when", "expected one of at"),
    ('"09:30"', "930", 20, "[hello].when.time", 'expected a time such as "09:30"'),
    ('"09:30"', '"25:00"', 20, "[hello].when.time", 'expected a time such as "09:30"'),
    ('{cron: "0 10 * * 2"}', "{at: 20270101}", 21, "[pulse].when.at", "a date and time such as"),
    ('{cron: "0 10 * * 2"}', '{at: "2027-02-30 09:00"}', 21, "when.at", "a date and time such as"),
    ('{cron: "0 10 * * 2"}', '{at: "9999-12-31 23:59"}', 21, "when.at", "a date and time such as"),
    ('cron: "0 10 * * 2"', "cron: x, until: 0001-01-01", 21, "when.until", "a date such as"),
    ('cron: "0 10 * * 2"', 'cron: x, until: "31.1.2027"', 21, "when.until", "a date such as"),
    ('cron: "0 10 * * 2"', "cron: x, time: 3", 21, "[pulse].when.time", 'did you mean "times"?'),
    ("questions: [ready, why]", "questions: []", 21, "[pulse].questions", "at least 1 entry"),
    ("[ready, why]", "[why, why]", 21, "[pulse]", 'the question "why" stands here twice'),
    ("days: 2}", "days: 99}", 22, "[again].when.days", "expected 30 or less; found the number 99"),
    ("kind: reminder", "kind: remind", 22, "[again]", 'did you mean "reminder"?'),
    (", kind: reminder", "", 22, "[again]", '"kind" is missing; expected vision, pulse'),
    ("text: Come", "text: Come, link: www.x.org", 23, "[course].link", "starts with https://"),
    ("text: Come", "text: Come, link: 'javascript:x'", 23, "[course].link", "starts with https"),
    ("text: Come", f"text: Come, invite: {'x' * 31}", 23, "invite", "31 characters; expected at"),
    ("title: Course", f"title: {'x' * 151}", 23, "[course].title", "expected at most 150"),
    ("[knowledge]", "[skills]", 25, "when.barrier[1]", "is not known here; expected one of"),
    ("[knowledge]", "[knowlege]", 25, "when.barrier[1]", 'did you mean "knowledge"?'),
    ("{barrier: [knowledge]}", "{}", 25, "rules[learn].when", "at least one of stance, barrier"),
    ("barrier: [kno", "silence_pulses: 2, barrier: [kno", 25, "when", "make two rules of it"),
    ("send: course}", "send: course}\n    - text", 26, "rules[2]", "expected keys and values"),
    ("  rules:\n", "  rule:\n", 24, "campaign.rule", 'did you mean "rules"?'),
    ("[en, de]", BUSY.format("2027-03-02", "2027-03-01"), 14, "busy_times[1]", "before the"),
    ("[en, de]", BUSY.format("2027-03-02", "2027-06-02"), 14, "busy_times[1]", "at most 92 days"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "path", "expected"), MISTAKES)
def test_read_tells_one_mistake_by_its_place_and_what_was_expected(
    old: str, new: str, line: int, path: str, expected: str
) -> None:
    message = refusal(changed(old, new))
    assert re.fullmatch(rf"line {line}, column \d+ \(.*{re.escape(path)}\): .*", message), message
    assert expected in message
    assert not JARGON.search(message)


def test_read_tells_all_mistakes_at_once_in_the_order_of_the_file() -> None:
    source = GOOD.replace("sponsor:", "sponser:").replace("days: 2}", "days: 99}")
    lines = [int(number) for number in re.findall(r"^line (\d+)", refusal(source), re.MULTILINE)]
    assert lines == sorted(lines)
    assert lines == [7, 22]


def test_read_stops_listing_when_there_are_very_many_mistakes() -> None:
    wrong = "\n".join(f"  wrong{number}: 1" for number in range(200))
    message = refusal(GOOD.replace("campaign:\n", f"campaign:\n{wrong}\n"))
    assert message.endswith("and 150 more")


UNREADABLE = [
    ("", "campaign.yaml: the file is empty"),
    ("# nothing\n", "campaign.yaml: the file is empty"),
    ("- a\n- b\n", 'line 1, column 1: expected the keys "initiative" and "campaign"'),
    ("just words", 'line 1, column 1: expected the keys "initiative" and "campaign"'),
    ("a: 1\n\tb: 2", "line 2, column 1: there is a tab here; indent with spaces"),
    ("a: why: no", 'line 1, column 7: a text with ": " in it needs quotes'),
    ("a: 'open", "line 1, column 4: the quotes that open here are never closed"),
    ("a: [1,\n2", "line 1, column 4: a bracket is opened and never closed"),
    ("a: *b", "line 1, column 4: this refers to an anchor (*name) that is not defined"),
    ("a: @b", "line 1, column 4: a text that begins with this character needs quotes"),
    ("a:\n  - b\n c: 1", "line 3, column 2: this line is indented differently"),
    ('a: "\\q"', "line 1, column 6: write"),
    ("a: 1\n---\nb: 2", 'line 2, column 1: a campaign is one document; remove the line "---"'),
    ("a: 1\na: 2", 'line 2, column 1: "a" stands here a second time'),
    ("a: !!python/object:os.system x", "line 1, column 4 (a): tags (!name) are not supported"),
    ("a: {<<: {b: 1}}", "line 1, column 5: << is not supported; write the keys out"),
    ("? [a, b]\n: c", "line 1, column 3: expected a key, found a list or a mapping"),
    ("a: \x00", "campaign.yaml, line 1, column 4: a character that no text has"),
    ('a: "\\0"', "line 1, column 4 (a): a character that no text has"),
    ('a: "\\ud800"', "line 1, column 4 (a): a character that no text has"),
    ('a: ["\\e[31m"]', "line 1, column 5 (a[1]): a character that no text has"),
    (b"a: \xff\xfe", "campaign.yaml, line 1, column 4: this is not text in UTF-8"),
    ("x" * 1_000_001, "campaign.yaml: the file is larger than 1 MB"),
    ("[" * 5000, "campaign.yaml: this is nested too deeply"),
    ("a: " + "[" * 30 + "]" * 30, "nested too deeply"),
    ("a: &a [*a]", "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), UNREADABLE)
def test_read_refuses_what_is_no_campaign_file_in_one_sentence(
    source: str | bytes, expected: str
) -> None:
    message = refusal(source)
    assert expected in message
    assert "\n" not in message
    assert not JARGON.search(message.replace("list or a mapping", "").replace("python/object", ""))


def test_read_stops_an_expansion_that_would_eat_the_memory() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        many = ", ".join([f"*a{level - 1}"] * 10)
        levels.append(f"a{level}: &a{level} [{many}]")
    assert "more values than a campaign has" in refusal("\n".join(levels))


def test_read_takes_numbers_however_they_are_written() -> None:
    for number in ("3", "+3", "0x3", "0o3", "'3'"):
        definition = read(changed("I am ready.", f"x, points: {number}"), "x")
        assert definition.question("ready").points == 3
    assert "whole number" in refusal(changed("I am ready.", f"x, points: {'9' * 5000}"))


def test_alias_counts_as_what_it_stands_for() -> None:
    source = changed("why: Less paper", "why: &less Less paper").replace(
        "for_whom: Everybody", "for_whom: *less"
    )
    assert read(source, "x").initiative.for_whom == {"": "Less paper"}


def test_places_find_every_value_of_the_file() -> None:
    _, places = read_placed(GOOD, "campaign.yaml")
    path = ("campaign", "rules", 0, "send")
    assert places.of(path) == "line 25, column 56 (campaign.rules[learn].send)"
    assert places.of((*path, "deeper")).startswith("line 25, column 56 ")
    assert places.position(("nowhere",)) == (1, 1)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_read_refuses_whatever_is_no_campaign(source: str | bytes) -> None:
    assert problems(source)


PIECES = [
    *(
        "\t",
        "\x00",
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "*a",
        "&a",
        "!x",
        "|",
        ">",
        "#",
        "\n",
    ),
    *("null", "0", "{}", "[]", "true", "<<: ", "? ", "%", "---\n", "é", "9" * 30),
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 30), st.sampled_from(PIECES)),
        min_size=1,
        max_size=4,
    )
)
def test_read_explains_a_damaged_file_in_plain_words(damages: list[tuple[int, int, str]]) -> None:
    source = GOOD
    for at, length, piece in damages:
        source = source[:at] + piece + source[at + length :]
    for problem in problems(source):
        assert problem.message
        assert "this is not what is expected here" not in problem.message
