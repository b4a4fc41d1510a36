"""Words leave by the gate alone: redacted, without whose they are, and of ten people or more."""

import pytest

from campaigns.domain.confidentiality import WITHHELD, ReleasedWords, release_words

Said = tuple[int, int, str, str]
TEN = {1: 10, 2: 12}


def said(*people: int, campaign: int = 1) -> list[Said]:
    return [
        (campaign, person, "How?", f"{'Secret' if campaign == 1 else 'Other'} {number}")
        for number, person in enumerate(people)
    ]


def hide(text: str) -> str:
    return text.replace("Secret", "[name]")


def test_released_words_are_made_in_one_place_only() -> None:
    with pytest.raises(TypeError, match="Only the confidentiality module"):
        ReleasedWords("How?", "Fine.")


def test_words_of_ten_people_come_out_redacted_and_in_no_order_of_theirs() -> None:
    found = release_words(reversed(said(*range(10), 3)), hide, TEN)
    assert isinstance(found, tuple)
    assert len(found) == 11
    assert [one.words for one in found] == sorted(f"[name] {n}" for n in range(11))
    assert {one.question for one in found} == {"How?"}


@pytest.mark.parametrize("people", [[], range(9), [1] * 20, [*range(9), 8, 8]])
def test_nothing_comes_out_when_fewer_than_ten_people_let_words_go(people: list[int]) -> None:
    assert release_words(said(*people), hide, TEN) == WITHHELD


def test_what_is_said_twice_counts_once() -> None:
    twice = [(1, person, "How?", " ok" if person % 2 else "OK ") for person in range(20)]
    assert release_words(twice, hide, TEN) == WITHHELD
    found = release_words([*twice, *said(*range(50, 60))], hide, TEN)
    assert isinstance(found, tuple)
    assert len(found) == 11


def test_each_campaign_needs_as_many_people_as_it_promises() -> None:
    assert release_words(said(*range(9)) + said(*range(20, 31), campaign=2), hide, TEN) == WITHHELD
    found = release_words(said(*range(9)) + said(*range(20, 32), campaign=2), hide, TEN)
    assert isinstance(found, tuple)
    assert len(found) == 12
