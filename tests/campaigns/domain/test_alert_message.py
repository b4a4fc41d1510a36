"""What a change agent reads and can press."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.domain.alert_message import Standing, alert
from campaigns.domain.alerts import AlertKind, AlertState, Finding, Strength, Tried
from campaigns.domain.confidentiality import Size
from campaigns.domain.messages import Action, Actions, Message, Picker, Tap, TextBox, dump, load
from campaigns.domain.naming import barrier_name, theme_name
from campaigns.domain.wording import LANGUAGES
from sentiment.labels import Barrier, Theme
from tests.agency import ACTIONS
from tests.scene import definition

DEFINITION = definition(agent_actions=ACTIONS)
FINDING = Finding(
    team="Permits",
    kind=AlertKind.RISING,
    strength=Strength.STRONG,
    since=date(2027, 1, 4),
    size=Size.TENS,
    barrier=Barrier.ABILITY,
    themes=(Theme.TOOLS, Theme.WORKLOAD),
    actions=("practise", "fix", "gone-meanwhile"),
    sent=("vision",),
)
OPEN = Standing(AlertState.OPEN, 1, others=(("P2", "Robin"),))


def message(standing: Standing = OPEN, finding: Finding = FINDING, language: str = "en") -> Message:
    return alert(finding, standing, DEFINITION, language, "k" * 32)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_has_words_of_its_own(kind: AlertKind, language: str) -> None:
    said = {
        one: message(finding=replace(FINDING, kind=one), language=language) for one in AlertKind
    }
    texts = [one.fallback_text for one in said.values()]
    assert len(set(texts)) == len(AlertKind)
    assert "%" not in said[kind].fallback_text


def test_quiet_is_no_measurement_of_mood() -> None:
    text = message(finding=replace(FINDING, kind=AlertKind.QUIET)).fallback_text
    assert "no measurement of mood; please ask" in text


def taps(found: Message) -> list[Tap]:
    taps = []
    for part in found.parts:
        if isinstance(part, Actions):
            taps += [item.tap for item in part.items if hasattr(item, "tap")]
        if isinstance(part, Picker | TextBox):
            taps.append(part.tap)
    return taps


def test_it_says_what_where_since_when_how_sure_and_why() -> None:
    text = message().fallback_text
    for words in (
        "Permits needs a change agent",
        "More people in Permits are against “The permits portal” than before.",
        "4 January 2027",
        "strong signs",
        "10–19 people",
        "being able to do it day to day",
        "tools, workload",
        "One portal",
        "Practise: Offer an hour.",
        "Fix: Bring the list to IT.",
        "No single person's answers decide this.",
    ):
        assert words in text
    assert "%" not in text
    assert "anonym" not in text.lower()


def test_a_high_team_is_compared_with_the_organisation() -> None:
    text = message(finding=replace(FINDING, kind=AlertKind.HIGH, strength=Strength.SOME))
    assert "than in the rest of the organisation" in text.fallback_text
    assert "some signs" in text.fallback_text


def test_what_was_not_released_is_not_spoken_of() -> None:
    bare = replace(FINDING, barrier=None, themes=(), actions=(), sent=())
    text = message(finding=bare).fallback_text
    for words in ("missing most", "write about", "Already sent", "What you can try"):
        assert words not in text


def test_an_open_alert_can_be_taken_put_off_handed_over_and_closed() -> None:
    assert taps(message()) == [
        Tap(Action.TAKE, value="1"),
        Tap(Action.TRY, value="1"),
        Tap(Action.SNOOZE, value="1"),
        Tap(Action.HAND_OVER, value="1"),
        Tap(Action.CLOSE, value="1"),
    ]


def test_who_took_it_can_go_on_and_sees_so() -> None:
    mine = message(Standing(AlertState.TAKEN, 2, "Sam", is_mine=True))
    assert "You have this." in mine.fallback_text
    assert [tap.action for tap in taps(mine)] == [Action.TRY, Action.SNOOZE, Action.CLOSE]
    assert {tap.value.split("|")[0] for tap in taps(mine)} == {"2"}


def test_it_says_what_is_tried_and_what_came_of_it_elsewhere() -> None:
    text = message(
        Standing(
            AlertState.TAKEN, 2, "Sam", tried="fix", experience={"practise": Tried(n=4, n_helped=3)}
        )
    ).fallback_text
    assert "Sam has this. What is tried: Fix." in text
    assert (
        "Practise: Offer an hour. (Tried in 4 teams so far; the change agents there say that it "
        "helps in 3.)"
    ) in text
    assert text.count("Tried in") == 1


def test_only_actions_that_the_campaign_still_has_can_be_tried() -> None:
    pickers = [part for part in message().parts if isinstance(part, Picker)]
    assert pickers[0].options == (("practise", "Practise"), ("fix", "Fix"))
    bare = message(finding=replace(FINDING, actions=()))
    assert Action.TRY not in [tap.action for tap in taps(bare)]


def test_others_see_who_has_it_and_no_buttons() -> None:
    theirs = message(Standing(AlertState.TAKEN, 2, "Sam", others=(("P2", "Robin"),)))
    assert "Sam has this." in theirs.fallback_text
    assert taps(theirs) == []


def test_who_put_it_off_can_take_it_early() -> None:
    mine = message(Standing(AlertState.SNOOZED, 2, "Sam", is_mine=True))
    assert [tap.action for tap in taps(mine)] == [Action.TAKE, Action.TRY, Action.CLOSE]


@pytest.mark.parametrize(
    ("state", "words"),
    [(AlertState.CLOSED, "You closed this."), (AlertState.RESOLVED, "back to normal")],
)
def test_what_is_over_has_no_buttons(state: AlertState, words: str) -> None:
    over = message(Standing(state, 3, "Sam", is_mine=True))
    assert words in over.fallback_text
    assert taps(over) == []


def test_it_is_marked_as_an_alert_and_survives_its_storage() -> None:
    found = message()
    assert found.importance == "alert"
    assert load(dump(found)) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_has_a_name_in_every_language(language: str) -> None:
    barriers = {barrier_name(language, barrier) for barrier in Barrier}
    themes = {theme_name(language, theme) for theme in Theme}
    assert (len(barriers), len(themes)) == (len(Barrier), len(Theme))


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_nothing_stays_english(language: str) -> None:
    """The campaign's own texts aside, no sentence is the English one."""
    bare = replace(FINDING, actions=("listen",), sent=())
    english = set(message(finding=bare).fallback_text.split("\n\n"))
    translated = set(message(finding=bare, language=language).fallback_text.split("\n\n"))
    assert english & translated == {"• Listen: Ask the team what is hardest."}
