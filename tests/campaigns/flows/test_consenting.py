"""A person is asked about their own words, says yes or nothing, and can take it back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.domain.consent import Consent
from campaigns.domain.messages import Action, Message
from campaigns.domain.outbox import Kind
from campaigns.flows import answering, consenting
from campaigns.flows.answering import Refusal
from campaigns.flows.composing import compose
from campaigns.flows.retention import erase_aged
from campaigns.storage import campaigns
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import consents
from sentiment.labels import Score, Status
from tests.campaigns.domain.reader import taps
from tests.fakes import FixedScorer
from tests.scene import FEAR, KNOWN, NEED, VAULT, Scene, definition, event, rows, score, write

ASKED = [Action.RELEASE]
GIVEN = [Action.TAKE_BACK]


@pytest.fixture
def scene(database: Database, now: datetime) -> Scene:
    return Scene(database, now, definition(learn_from_words=True))


def finished(scene: Scene, text: str, name: str = "P1") -> Delivery:
    """A pulse that the person has answered to its end, in these words."""
    pulse = write(scene, scene.person(name), text, once=f"pulse:{name}")
    ready = event(pulse, Action.ANSWER, "ready", "5")
    assert answering.record(scene.database, VAULT, ready, scene.now).refusal is None
    return pulse


def message(scene: Scene, delivery: Delivery) -> Message:
    with scene.database.read() as connection:
        return compose(connection, delivery, scene.now)


def press(scene: Scene, delivery: Delivery, action: Action, **more: Any) -> Refusal | None:
    return consenting.decide(scene.database, event(delivery, action, **more), scene.now)


def states(scene: Scene) -> list[str]:
    return [row.state for row in rows(scene, consents)]


def test_thanks_ask_at_once_when_words_were_written(scene: Scene) -> None:
    pulse = finished(scene, FEAR)
    assert taps(message(scene, pulse)) == ASKED
    assert states(scene) == ["offered"]
    assert len(scene.outbox(scene.person())) == 1  # no message of its own


def test_nothing_is_asked_when_the_pulse_goes_on_or_no_words_came(scene: Scene) -> None:
    pulse = write(scene, scene.person(), FEAR)
    assert Action.RELEASE not in taps(message(scene, pulse))
    other = scene.pulse(scene.person("P2"))
    for question in ("ready", "why"):
        skip = event(other, Action.SKIP, question)
        answering.record(scene.database, VAULT, skip, scene.now)
    assert taps(message(scene, other)) == []


def test_nothing_is_asked_when_the_campaign_does_not_ask(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    pulse = finished(scene, FEAR)
    assert taps(message(scene, pulse)) == []
    assert press(scene, pulse, Action.RELEASE) is Refusal.NOT_ASKED
    assert states(scene) == []


def test_release_holds_until_it_is_taken_back_and_is_not_asked_again(scene: Scene) -> None:
    pulse = finished(scene, FEAR)
    for _ in range(2):
        assert press(scene, pulse, Action.RELEASE) is None
        assert taps(message(scene, pulse)) == GIVEN
    for _ in range(2):
        assert press(scene, pulse, Action.TAKE_BACK) is None
        assert taps(message(scene, pulse)) == []
    assert "from now on" in message(scene, pulse).fallback_text
    assert press(scene, pulse, Action.RELEASE) is Refusal.NOT_ASKED
    assert states(scene) == ["taken_back"]


def test_take_back_is_refused_when_nothing_was_released(scene: Scene) -> None:
    assert press(scene, finished(scene, FEAR), Action.TAKE_BACK) is Refusal.NOT_ASKED
    assert states(scene) == ["offered"]


def test_release_is_refused_when_it_is_another_persons_message(scene: Scene) -> None:
    pulse, other = finished(scene, FEAR), scene.person("P2")
    assert press(scene, pulse, Action.RELEASE, person_id=other.id) is Refusal.UNKNOWN
    assert states(scene) == ["offered"]


def test_words_that_name_a_danger_are_never_offered(scene: Scene) -> None:
    pulse = finished(scene, "I want to die.")
    assert taps(message(scene, pulse)) == []
    assert press(scene, pulse, Action.RELEASE) is Refusal.NOT_ASKED
    assert states(scene) == ["barred"]


def test_offer_goes_away_when_the_model_flags_the_words(scene: Scene) -> None:
    pulse = finished(scene, NEED)
    score(scene, FixedScorer(KNOWN))
    assert taps(message(scene, pulse)) == []
    assert press(scene, pulse, Action.RELEASE) is Refusal.NOT_ASKED


@pytest.mark.parametrize("status", [Status.LANGUAGE, Status.ERROR])
def test_offer_goes_away_when_the_model_can_not_judge_the_words(
    scene: Scene, status: Status
) -> None:
    pulse = finished(scene, FEAR)
    score(scene, FixedScorer({FEAR: Score.unscored(status, "fixed-1")}))
    assert taps(message(scene, pulse)) == []


def test_offer_stays_when_the_model_finds_nothing_in_the_words(scene: Scene) -> None:
    pulse = finished(scene, FEAR)
    score(scene, FixedScorer(KNOWN))
    assert taps(message(scene, pulse)) == ASKED


def test_taking_back_works_when_the_questions_are_closed_and_the_campaign_has_ended(
    scene: Scene,
) -> None:
    pulse = write(scene, scene.person(), FEAR)
    scene.now += timedelta(days=7)
    assert taps(message(scene, pulse)) == ASKED  # closed half way: the words stay
    press(scene, pulse, Action.RELEASE)
    with scene.database.write() as connection:
        campaigns.set_state(connection, scene.campaign.id, campaigns.STOPPED, scene.now)
    assert press(scene, pulse, Action.TAKE_BACK) is None
    assert states(scene) == [Consent.TAKEN_BACK]


def test_release_counts_for_the_pulse_when_its_reminder_asks(scene: Scene) -> None:
    person = scene.person()
    pulse = finished(scene, FEAR)
    nudge = scene.put(person, "nudge", Kind.REMINDER, subject_id=pulse.id)
    assert taps(message(scene, nudge)) == ASKED
    assert press(scene, nudge, Action.RELEASE) is None
    assert taps(message(scene, nudge)) == GIVEN


def test_consent_is_erased_when_its_answer_is(scene: Scene) -> None:
    pulse = finished(scene, FEAR)
    press(scene, pulse, Action.RELEASE)
    scene.now += timedelta(days=400)
    assert erase_aged(scene.database, scene.now) == 2
    assert states(scene) == []
    assert taps(message(scene, pulse)) == []


def test_an_older_answer_is_not_asked_about_when_a_later_version_begins_to(
    database: Database, now: datetime
) -> None:
    scene = Scene(database, now)
    pulse = finished(scene, FEAR)
    with database.write() as connection:
        campaigns.put(connection, definition(learn_from_words=True), now)
    assert taps(message(scene, pulse)) == []
