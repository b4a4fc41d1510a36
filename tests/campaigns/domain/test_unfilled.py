"""What a playbook left to be filled in is found wherever it stands, and holds a launch back."""

from tests.campaigns.domain.drafts import only, plain, remarks, vision


def test_placeholder_is_an_error_with_its_place_in_any_text() -> None:
    content = plain(touchpoints=[vision(text={"en": "Call [whom] by [date], or [whom]."})])
    left = "[whom] and [date] are still to be filled in"
    assert only(content) == f"error campaign.touchpoints[1].text.en: {left}"


def test_placeholder_is_the_only_error_of_its_place() -> None:
    content = plain(
        touchpoints=[vision()],
        help_contacts=[{"name": "Counselling", "contact": "[whom to call]"}],
        owners=["[whose id]"],
    )
    assert remarks(content, owners=()) == [
        "error campaign.help_contacts[1].contact: [whom to call] is still to be filled in",
        "error campaign.owners[1]: [whose id] is still to be filled in",
    ]


def test_placeholder_in_a_language_that_is_not_shown_holds_nothing_back() -> None:
    content = plain(touchpoints=[vision(text={"en": "Call us.", "de": "Rufen Sie [wen] an."})])
    assert only(content).startswith('warning campaign.touchpoints[1].text.de: "de" is not among')


def test_brackets_without_words_are_no_placeholder() -> None:
    assert remarks(plain(touchpoints=[vision(text="See [1], list[0], [ ] and (by [2]).")])) == []
