"""What no single value of a campaign file can show is found, each with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaigns.domain.audience_checks import Staffed
from campaigns.domain.checking import check
from campaigns.domain.definition import Definition
from campaigns.domain.people import Team, TeamTree
from campaigns.domain.reading import read_placed
from tests.campaigns.domain.drafts import (
    NOW,
    course,
    only,
    plain,
    pulse,
    remarks,
    ruled,
    scale,
    vision,
    words,
)

DEMO = Path(__file__).parents[3] / "bot" / "demo" / "campaign.yaml"
TREE = TeamTree.of([Team(1, "Agency"), Team(2, "Counter Office", 1)])


def test_check_finds_nothing_wrong_with_the_example_campaign() -> None:
    content, places = read_placed(DEMO.read_bytes(), DEMO.name)
    assert check(content, NOW, tree=TREE, audience_size=397, places=places) == []


def test_check_names_line_column_and_path() -> None:
    source = DEMO.read_text(encoding="utf-8").replace("send: champion", "send: champignon")
    content, places = read_placed(source, DEMO.name)
    line = source[: source.index("send: champignon")].count("\n") + 1
    assert only(content, places=places) == (
        f"error line {line}, column 13 (campaign.rules[could-help-others].send): no touchpoint of "
        'kind follow_up is called "champignon"; did you mean "champion"?'
    )


def cases() -> Iterator[tuple[Definition, str]]:
    ready = {"questions": [scale()]}
    choice = scale("hurdle", kind="choice", prompt="What?", options=[
        {"key": "time", "label": "Time"}, {"key": "skill", "label": "Skill"}])  # fmt: skip

    def asked(*questions: dict[str, Any]) -> Definition:
        keys = [question["key"] for question in questions]
        return plain(questions=list(questions), touchpoints=[pulse(questions=keys)])

    yield (
        plain(touchpoints=[vision(), vision()]),
        'error campaign.touchpoints[2].key: another of the touchpoints is called "hello" already',
    )
    yield (
        plain(touchpoints=[vision(), pulse(questions=["reddy"])], **ready),
        (
            'error campaign.touchpoints[2].questions[1]: there is no question "reddy"; did you '
            'mean "ready"?'
        ),
    )
    yield (
        plain(
            touchpoints=[
                pulse(),
                {"kind": "reminder", "key": "again", "title": "A", "text": "B"}
                | {"when": {"pulse": "puls", "days": 2}},
            ],
            **ready,
        ),
        (
            "error campaign.touchpoints[2].when.pulse: no touchpoint of kind pulse is called "
            '"puls"; did you mean "pulse"?'
        ),
    )
    yield (
        plain(
            touchpoints=[
                pulse(open_days=2),
                {"kind": "reminder", "key": "again", "title": "A", "text": "B"}
                | {"when": {"pulse": "pulse", "days": 2}},
            ],
            **ready,
        ),
        (
            'error campaign.touchpoints[2].when.days: "pulse" is closed 2 days after it went out; '
            "expected 1 or less"
        ),
    )
    yield (
        asked(scale(), words(when={"question": "redy", "at_most": 2})),
        (
            'error campaign.questions[2].when.question: there is no question "redy"; did you mean '
            '"ready"?'
        ),
    )
    yield (
        asked(words(when={"question": "ready", "at_most": 2}), scale()),
        (
            'error campaign.touchpoints[1].questions[1]: "why" depends on the answer to "ready", '
            "so this pulse has to ask that one before it"
        ),
    )
    yield (
        asked(choice, words(when={"question": "hurdle", "at_most": 2})),
        (
            'error campaign.questions[2].when.question: "hurdle" is no scale; at_most and at_least '
            "need one"
        ),
    )
    yield (
        asked(scale(), words(when={"question": "ready", "one_of": ["time"]})),
        'error campaign.questions[2].when.question: "ready" is no choice; one_of needs one',
    )
    yield (
        asked(choice, words(when={"question": "hurdle", "one_of": ["tme"]})),
        (
            'error campaign.questions[2].when.one_of[1]: "hurdle" has no option "tme"; did you '
            'mean "time"?'
        ),
    )
    yield (
        asked(scale(), words(when={"question": "ready", "at_most": 5})),
        (
            'error campaign.questions[2].when.at_most: "ready" goes from 1 to 5: every answer '
            "fits; expected 1 to 4"
        ),
    )
    yield (
        asked(scale(), words(when={"question": "ready", "at_least": 6})),
        (
            'error campaign.questions[2].when.at_least: "ready" goes from 1 to 5: no answer ever '
            "fits; expected 2 to 5"
        ),
    )
    yield (
        plain(touchpoints=[vision()], **ready),
        'warning campaign.questions[1].key: no pulse asks the question "ready"',
    )


@pytest.mark.parametrize(("content", "expected"), list(cases()))
def test_check_finds_references_and_conditions_that_lead_nowhere(
    content: Definition, expected: str
) -> None:
    assert only(content) == expected


LEARN = {"when": {"barrier": ["knowledge"]}}


def test_check_refuses_a_rule_that_sends_something_else_than_a_follow_up() -> None:
    found = remarks(ruled(LEARN, {"when": {"stance": ["resistant"]}, "send": "pulse"}))
    assert found == [
        (
            'error campaign.rules[2].send: no touchpoint of kind follow_up is called "pulse"; '
            "expected one of course"
        )
    ]


@pytest.mark.parametrize(
    ("rule", "questions", "why"),
    [
        ({"when": {"safeguarding": True}}, [words()], "lead to the help contacts at once"),
        (LEARN, [scale()], "no pulse asks a question of kind text"),
        ({"when": {"silence_pulses": 5}}, [scale()], "there are only 4 pulses"),
    ],
)
def test_check_warns_of_a_rule_that_never_fires(
    rule: dict[str, Any], questions: list[dict[str, Any]], why: str
) -> None:
    found = only(ruled(rule, questions=questions))
    assert found.startswith("warning campaign.rules[1].when")
    assert "this rule never fires: " in found
    assert why in found


def test_check_warns_of_silence_without_a_pulse() -> None:
    rule = {"key": "quiet", "when": {"silence_pulses": 2}, "send": "course"}
    content = plain(touchpoints=[vision(), course()], rules=[rule])
    assert "there is no pulse that could be left unanswered" in only(content)


def test_check_warns_of_a_rule_that_repeats_an_earlier_one() -> None:
    assert only(ruled(LEARN, LEARN)) == (
        'warning campaign.rules[2]: this says the same as the rule "r0" above'
    )


def test_check_allows_a_second_rule_for_when_the_first_is_used_up() -> None:
    content, _ = read_placed(DEMO.read_bytes(), DEMO.name)
    whens = [rule.when for rule in content.campaign.rules]
    assert any(when in whens[:index] for index, when in enumerate(whens))
    assert check(content, NOW) == []


def test_check_warns_of_a_follow_up_that_nothing_sends() -> None:
    content = plain(touchpoints=[vision(), course()])
    assert only(content) == (
        'warning campaign.touchpoints[2].key: no rule sends the follow-up "course"'
    )


def test_check_tells_which_languages_lack_a_text() -> None:
    title, text = {"de": "Hallo", "fr": "Salut"}, {"en": "Why", "it": "Perché"}
    content = plain(languages=["en", "de", "fr"], touchpoints=[vision(title=title, text=text)])
    assert remarks(content) == [
        (
            "error campaign.touchpoints[1].title: there is no text in en, the campaign's first "
            "language"
        ),
        "warning campaign.touchpoints[1].text: there is no text in de, fr; en is shown",
        'warning campaign.touchpoints[1].text.it: "it" is not among the languages: not shown',
    ]


def test_check_warns_of_a_language_that_the_bot_does_not_speak() -> None:
    found = only(plain(languages=["en", "de-AT", "pl"], touchpoints=[vision()]))
    assert found.startswith("warning campaign.languages[3]: the bot's own words")


def test_check_warns_of_a_help_contact_that_cannot_be_reached() -> None:
    contacts = [{"name": "A", "contact": reach} for reach in ("ask around", "555", "a@b", "x://y")]
    found = only(plain(touchpoints=[vision()], help_contacts=contacts))
    assert found.startswith("warning campaign.help_contacts[1].contact: expected a number")


def test_check_tells_teams_that_do_not_exist() -> None:
    audience = {"teams": ["Counter Ofice"], "except": {"teams": ["Moon"]}}
    content = plain(touchpoints=[vision()], audience=audience)
    assert remarks(content, tree=TREE, audience_size=20) == [
        (
            'error campaign.audience.teams[1]: there is no team "Counter Ofice"; did you mean '
            '"Counter Office"?'
        ),
        (
            'error campaign.audience.except.teams[1]: there is no team "Moon"; expected one of '
            "Agency, Counter Office"
        ),
    ]
    assert remarks(content) == []


def test_check_refuses_an_audience_of_nobody_and_warns_of_a_tiny_one() -> None:
    content = plain(touchpoints=[vision()])
    assert only(content, tree=TREE, audience_size=0).startswith("error campaign.audience: nobody")
    assert only(content, tree=TREE, audience_size=4).startswith("warning campaign.audience: the")
    assert remarks(content, tree=TREE, audience_size=5) == []


def test_check_finds_exceptions_that_leave_nobody_of_the_audience() -> None:
    audience = {"teams": ["Agency"], "except": {"teams": ["agency", "Counter Office"]}}
    content = plain(touchpoints=[vision()], audience=audience)
    assert only(content) == (
        "error campaign.audience.except.teams: nobody is left: these exceptions name all whom the "
        "audience names"
    )


def test_check_tells_follow_ups_that_somebody_reads_in_another_language() -> None:
    texts = {"title": {"en": "Course", "de": "Kurs"}, "text": {"en": "Come", "de": "Kommt"}}
    rule = {"key": "r", "when": {"silence_pulses": 1}, "send": "course"}
    follow_ups = [course() | texts, course("plain")]
    rules = [rule, rule | {"key": "s", "when": {"silence_pulses": 2}, "send": "plain"}]
    touchpoints = [pulse(), *follow_ups]
    spoken = {"languages": ["en", "de"], "questions": [scale()], "rules": rules}
    content = plain(touchpoints=touchpoints, **spoken)
    assert only(content, spoken={"en", "de-AT", "pl", "tr"}) == (
        "warning campaign.languages: some of the audience read pl, tr, and follow-ups have no text "
        "for them; en is shown: course"
    )
    assert remarks(content, spoken={"en", "de"}) == []


def test_check_says_in_which_languages_nothing_follows_from_words() -> None:
    asked = {"questions": [scale(), words()], "touchpoints": [pulse(questions=["ready", "why"])]}
    content = plain(languages=["en-GB", "de"], **asked)
    assert only(content, reads={"en"}) == (
        "warning campaign.languages[2]: the model reads en: of what people write in de, no theme "
        "is told, no rule sends a reply, and nobody who sounds in need is offered help"
    )
    assert remarks(content) == remarks(content, reads={"en", "de"}) == []
    without = plain(languages=["de"], questions=[scale()], touchpoints=[pulse()])
    assert remarks(without, reads={"en"}) == []


def test_check_takes_plain_texts_for_those_of_a_campaign_s_one_language() -> None:
    rules = [{"key": "r", "when": {"silence_pulses": 1}, "send": "course"}]
    content = plain(questions=[scale()], touchpoints=[pulse(), course()], rules=rules)
    assert "some of the audience read fr" in only(content, spoken={"en", "fr"})
    assert remarks(content, spoken={"en", "en-GB"}) == []


def test_check_names_who_is_meant_by_an_audience_and_is_nowhere_in_the_staff() -> None:
    known = Staffed({"clerk", ""}, {"North"}, {"en", "de-AT"}, {"p1", "p2"})
    wanted = {"roles": ["Clerk", "clark"], "languages": ["de", "fr"], "people": ["p1", "p2"]}
    left_out = {"people": ["p1", "p9"], "locations": ["nort"]}
    content = plain(touchpoints=[vision()], audience=wanted | {"except": left_out})
    place = "warning campaign.audience"
    assert remarks(content, staffed=known) == [
        f'{place}.roles[2]: nobody has the role "clark"; did you mean "clerk"?',
        f'{place}.languages[2]: nobody reads "fr"; expected one of de, de-AT, en',
        f'{place}.except.locations[1]: nobody has the location "nort"; did you mean "North"?',
        f'{place}.except.people[2]: nobody who works here has the id "p9"',
    ]


def test_check_names_an_owner_whom_the_staff_directory_does_not_have() -> None:
    content = plain(owners=["P1", "P9"], touchpoints=[vision()])
    assert only(content, owners={"P1"}) == (
        'error campaign.owners[2]: nobody who works here has the id "P9"; '
        "expected one from the column id of the staff file"
    )
    assert remarks(content, owners={"P1", "P9"}) == []
    assert remarks(content) == []  # without a directory, nothing is known of people


def test_safeguarding_contact_has_to_work_here() -> None:
    content = plain(safeguarding_contact="S9", touchpoints=[vision()])
    assert only(content, owners=set()) == (
        'error campaign.safeguarding_contact: nobody who works here has the id "S9"; '
        "expected one from the column id of the staff file"
    )
    assert remarks(content, owners={"S9"}) == []
