"""Words that leave tell neither who wrote them nor when, and nobody is quoted who did not agree.

Attack 17: order, several texts of one author, what people hide a name behind, and the way through
what a program says of the words.
"""

from collections.abc import Callable
from random import Random

import pytest

from campaigns.domain.confidentiality import (
    Closing,
    Released,
    Respondent,
    Withheld,
    release,
    release_words,
)
from campaigns.domain.definition import Confidentiality
from campaigns.domain.people import Team, TeamTree
from campaigns.domain.redaction import Redactor
from sentiment.labels import Barrier, Theme

NAMES = ["Ada Ångström", "Bo Müller", "Mary O'Brien", "Çiğdem Erkoç", "Владимир Иванов"]
redact = Redactor(NAMES, ["Permits", "Counter Office"])
TREE = TeamTree.of([Team(1, "All"), Team(2, "A", 1), Team(3, "B", 1)])
STANCE = (0.3, 0.1, 0.3, 0.3)


def signed(seed: int) -> tuple[str, list[str]]:
    """A text with somebody's name and number in it, disguised, and what must not be left of it."""
    chance = Random(seed)
    first, last = chance.choice(NAMES).split(" ", 1)
    disguises: list[Callable[[str], str]] = [
        str.upper,
        str.lower,
        "\u200b".join,  # zero-width spaces
        "\u00ad".join,  # soft hyphens
        lambda word: ".".join(word) if len(word) > 2 else word,
        lambda word: word.replace("a", "\u0430").replace("o", "\u043e"),  # Cyrillic
        lambda word: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word),
    ]
    disguise = chance.choice(disguises)
    digits = [chance.randrange(10) for _ in range(9)]
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    number = chance.choice(
        [
            "0" + "".join(map(str, digits)),
            " ".join(map(str, digits)),
            " ".join(words[digit] for digit in digits),
            "+49 " + "".join(map(str, digits[:3])) + "-" + "".join(map(str, digits[3:])),
            "".join(chr(0x0660 + digit) for digit in digits),  # Arabic-Indic figures
        ]
    )
    handle = f"{first.lower()}@norden.example" if first.isascii() else "@theirs"
    text = f"It was {disguise(first)} {disguise(last)}, call {number} or {handle}."
    return text, [first, last, number, handle, disguise(first), disguise(last)]


@pytest.mark.parametrize("seed", range(60))
def test_no_name_and_no_number_gets_through_in_any_disguise(seed: int) -> None:
    text, secrets = signed(seed)
    left = redact(text).casefold()
    short = "bo"  # which is a word as well: left where a small letter says so
    assert not [one for one in secrets if one.casefold() in left and one.casefold() != short]


@pytest.mark.parametrize("seed", range(5))
def test_words_come_in_the_same_order_whoever_wrote_them_when(seed: int) -> None:
    given = [(1, person, "How?", f"Text {person * 7 % 12}") for person in range(12)]
    shuffled = given.copy()
    Random(seed).shuffle(shuffled)
    assert release_words(shuffled, redact, {1: 10}) == release_words(given, redact, {1: 10})


def test_one_who_writes_ten_times_is_one() -> None:
    given = [(1, person % 9, "How?", f"Text {person}") for person in range(50)]
    assert isinstance(release_words(given, redact, {1: 10}), Withheld)


@pytest.mark.parametrize(("n_who_say_it", "named"), [(2, False), (3, True)])
def test_one_author_of_many_texts_does_not_make_a_theme(n_who_say_it: int, named: bool) -> None:
    """A person's themes are a set: whoever writes of tools ten times says it once."""
    people = {
        person: Respondent(2, STANCE, frozenset({Barrier.ABILITY}), frozenset({Theme.TOOLS}))
        if person < n_who_say_it
        else Respondent(2, STANCE)
        for person in range(12)
    }
    others = {100 + person: Respondent(3, STANCE) for person in range(40)}
    cell = release(Closing(TREE, people | others, {}), Confidentiality())[2]
    assert isinstance(cell, Released)
    assert (Theme.TOOLS in cell.themes) == (cell.barrier is Barrier.ABILITY) == named


def test_a_theme_or_a_choice_of_the_rest_is_not_named_by_the_whole() -> None:
    """Ten speak of nothing, five of tools: the whole would tell what the five said."""
    quiet = {person: Respondent(2, STANCE) for person in range(10)}
    said = Respondent(
        3, STANCE, themes=frozenset({Theme.TOOLS}), picks=frozenset({("hurdle", "time")})
    )
    loud = {50 + person: said for person in range(5)}
    for cell in release(Closing(TREE, quiet | loud, {}), Confidentiality()).values():
        assert isinstance(cell, Released)
        assert (cell.themes, cell.picks) == ((), ())
