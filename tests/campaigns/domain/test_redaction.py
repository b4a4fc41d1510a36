"""Names and contact details are taken out of a text, and ordinary words stay in it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.domain.redaction import Redactor

STAFF = [
    "Ada Ångström",
    "Will Mark",
    "Rose Young",
    "Bo Müller",
    "Mary O'Brien",
    "Anne-Marie de Vries",
    "Çiğdem Erkoç",
    "Владимир Иванов",
]
TEAMS = ["Permits", "Counter Office", "IT"]
redact = Redactor(STAFF, TEAMS)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask ada about it.", "Ask [name] about it."),
        ("ADA ÅNGSTRÖM knows, and Angstrom's boss.", "[name] knows, and [name]'s boss."),
        ("Mueller, Bo", "[name]"),
        ("I trust mary o'brien and Mary O’Brien.", "I trust [name] and [name]."),
        ("Anne-Marie, erkoc and de Vries", "[name], [name] and de [name]"),
        ("A\u200bd\u200ba is right", "[name] is right"),
        ("Will Mark be there?", "[name] be there?"),
        ("@ada_the_great did it", "[name] did it"),
        ("Adamant people", "Adamant people"),
        ("\u0410da and \u0391da said so", "[name] and [name] said so"),  # Cyrillic and Greek A
        ("ИВАНОВ", "[name]"),
        ("A.d.a or a d a or 4d4", "[name] or [name] or [name]"),
        ("OBrien, deVries, annemarie", "[name], [name], [name]"),
        ("AdaÅngström and ada_angstrom", "[name] and [name]_[name]"),
        (
            "\U0001d400\U0001d41d\U0001d41a, \uff21\uff44\uff41, \u24b6\u24d3\u24d0",
            "[name], [name], [name]",
        ),
    ],
)
def test_redactor_takes_out_names_however_they_are_written(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Will you mark it? It will rise: the young rose.",
        "Mark my words. Young people rose.",
        "THIS WILL FAIL",
        "We had to go back to bo",
    ],
)
def test_redactor_leaves_ordinary_words_when_they_are_no_name(text: str) -> None:
    assert redact(text) == text


def test_redactor_takes_out_an_ordinary_word_when_a_capital_in_a_sentence_makes_it_a_name() -> None:
    assert redact("I asked Will. Then Rose rose.") == "I asked [name]. Then [name] rose."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail ada.x+1@norden.example now", "mail [email] now"),
        ("a (at) norden.org", "[email]"),
        ("555 0100", "[phone]"),
        ("+49 (0)30 123456", "[phone]"),
        ("on extension 4444", "on [phone]"),
        ("Durchwahl 4471, poste 471", "[phone], [phone]"),
        ("(212) 555-0187 or 020 7946 0018", "([phone] or [phone]"),
        ("01 42 68 53 00, 08-508 290 00", "[phone], [phone]"),
        ("five five five, zero one eight", "[number]"),
        ("null drei null neun null eins", "[number]"),
        ("o3o 9o182o", "o3o [number]"),
        ("ada at norden dot org", "[email]"),
        ("ada ät norden punkt de, a @ norden . org", "[email], [email]"),
        ("\uff10\uff13\uff10 \uff19\uff10\uff11\uff18\uff12", "[phone]"),
        ("my tel. no. 0301234567", "my [phone]"),
        ("DE89 3704 0044 0532 0130 00.", "[number]."),
        ("4111-1111-1111-1111", "[number]"),
        ("case 12345", "case [number]"),
        ("I am P0001", "I am [number]"),
        ("١٢٣٤٥٦", "[number]"),
        ("see https://x.org/a?b=c and www.y.net", "see [link] and [link]"),
        ("intranet.norden/forms", "[link]"),
    ],
)
def test_redactor_takes_out_contact_details_and_long_numbers(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "in 2027, 24/7",
        "12 of 40",
        "1,000,000 forms",
        "me @ noon",
        "ab12 then that",
        "one, two, three and go",
        "We work at Norden. Org charts lie.",
        "from 8:00 to 17:00 in room 12-14",
    ],
)
def test_redactor_leaves_short_numbers(text: str) -> None:
    assert redact(text) == text


def test_redactor_takes_out_teams_as_they_are_written() -> None:
    assert redact("counter  office and IT fix it; permits") == "[team] and [team] fix it; permits"


@given(
    st.text(max_size=60),
    st.sampled_from(["Ada", "ångström", "MÜLLER", "Erkoç", "Vries", "mary"]),
    st.text(max_size=60),
)
def test_no_name_is_left_whatever_stands_around_it(before: str, name: str, after: str) -> None:
    left = redact(f"{before} {name} {after}").casefold()
    assert name.casefold() not in left.split()


@given(st.text(max_size=200) | st.text("1234567890 .-+()aZ@:/", max_size=200))
@example("0)0@0")
@example("0(0@0")
@example("00000@")
@example("+0A00000")
def test_no_long_number_and_no_address_is_left_whatever_the_text(text: str) -> None:
    left = redact(text)
    assert not re.search(r"\d{5}|\w@\w", left)


def test_redactor_leaves_a_text_alone_when_it_knows_nobody() -> None:
    assert Redactor([], [])("Ada of Permits  rose.") == "Ada of Permits rose."
