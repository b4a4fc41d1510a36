"""What may be asked about the words under one message, and in whose words."""

import pytest

from campaigns.domain import content, phrases
from campaigns.domain.consent import Asked, Consent, standing
from campaigns.domain.definition import Pulse
from campaigns.domain.messages import Action, Message
from campaigns.domain.wording import LANGUAGES
from campaigns.flows.previewing import render
from tests.campaigns.domain.drafts import only, plain, pulse, remarks, scale
from tests.campaigns.domain.reader import DEMO, KEY, buttons, reader
from tests.scene import definition

OFFERED = Asked(Consent.OFFERED, None)


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ([], None),
        ([OFFERED, Asked(Consent.OFFERED, True)], Consent.OFFERED),
        ([OFFERED, Asked(Consent.OFFERED, False)], None),
        ([OFFERED, Asked(Consent.BARRED, None)], None),
        ([Asked(Consent.GIVEN, True), Asked(Consent.GIVEN, False)], Consent.GIVEN),
        ([Asked(Consent.TAKEN_BACK, True)], Consent.TAKEN_BACK),
    ],
)
def test_standing_offers_nothing_when_one_of_the_answers_sounds_like_need(
    asked: list[Asked], stands: Consent | None
) -> None:
    assert standing(asked) is stands


def thanks(language: str, consent: Consent | None) -> Message:
    touchpoint = DEMO.touchpoint("pulse")
    assert isinstance(touchpoint, Pulse)
    answered = dict.fromkeys(touchpoint.questions, "")
    return content.pulse(
        DEMO, touchpoint, reader(language), KEY, answered, closed=False, consent=consent
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_thanks_ask_once_in_the_readers_language_and_lead_back(language: str) -> None:
    shown = {consent: thanks(language, consent) for consent in (None, *Consent)}
    taps = {consent: [b.tap.action for b in buttons(one)] for consent, one in shown.items()}
    assert taps == {
        None: [],
        Consent.BARRED: [],
        Consent.OFFERED: [Action.RELEASE],
        Consent.GIVEN: [Action.TAKE_BACK],
        Consent.TAKEN_BACK: [],
    }
    (button,) = buttons(shown[Consent.OFFERED])
    assert len(button.label) <= 30
    assert button.style == ""
    assert len({one.fallback_text for one in shown.values()}) == 4
    if language != "en":
        assert "learn" not in shown[Consent.OFFERED].fallback_text


def test_promise_names_the_one_exception_only_when_the_campaign_asks() -> None:
    assert "released them" not in phrases.confidentiality(definition(), "en")
    assert "released them" in phrases.confidentiality(definition(learn_from_words=True), "en")


def test_preview_shows_the_question_only_when_the_campaign_asks() -> None:
    steps = {"thanks after words", "words released", "words taken back"}
    asked = {one.step for one in render(definition(learn_from_words=True))}
    assert steps <= asked
    assert steps.isdisjoint({one.step for one in render(definition())})


def test_check_warns_when_nobody_is_asked_for_words() -> None:
    asked = {"questions": [scale()], "touchpoints": [pulse()]}
    assert only(plain(learn_from_words=True, **asked)) == (
        "warning campaign.learn_from_words: nobody is asked for words: no pulse asks a question of "
        "kind text"
    )
    assert remarks(definition(learn_from_words=True)) == remarks(definition())
