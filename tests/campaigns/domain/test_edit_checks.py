"""A new version of a running campaign keeps the keys of what began: found before it is launched."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest

from campaigns.domain.bad_moments import Around, Elsewhere
from campaigns.domain.definition import Definition
from campaigns.domain.edit_checks import Underway
from tests.campaigns.domain.drafts import NOW, only, plain, pulse, remarks, scale, vision

COURSE = {"kind": "follow_up", "key": "course", "title": "C", "text": "C", "purpose": "training"}
RULE = {"key": "silent", "when": {"silence_pulses": 2}, "send": "course"}


def content(*touchpoints: dict[str, Any], rules: tuple[dict[str, Any], ...] = ()) -> Definition:
    more = [COURSE] if rules else []
    asked = [scale()] if any(one["kind"] == "pulse" for one in touchpoints) else []
    return plain(questions=asked, touchpoints=[*touchpoints, *more], rules=list(rules))


def launched(
    *versions: Definition, begun: Collection[str] = (), days_ago: int = 0, **more: Any
) -> Underway:
    """A campaign of these versions, the newest last."""
    on = NOW.date() - timedelta(days=days_ago)
    return Underway(versions[::-1], begun, on, **more)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (vision(), vision("hi")),
        (vision(), vision("hi", text="Why, in other words")),
        (vision(), vision("hi", when={"days_after_launch": 9})),
        (pulse(), pulse("weekly")),
    ],
)
def test_check_refuses_another_key_for_what_went_out(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    underway = launched(content(before), begun={before["key"]})
    assert only(content(after), underway=underway) == (
        f'error campaign.touchpoints[1].key: the running version calls this "{before["key"]}"; '
        f'under another key it would go out once more: keep "{before["key"]}"'
    )
    assert remarks(content(after), underway=launched(content(before))) == []


def test_check_allows_what_is_new_and_what_is_gone() -> None:
    underway = launched(content(vision(), pulse()), begun={"hello", "pulse"})
    later = vision("spring", title="Spring", text="The portal opens")
    assert remarks(content(vision(), pulse(), later), underway=underway) == []
    assert remarks(content(pulse(open_days=3)), underway=underway) == []
    assert remarks(content(vision(text="Other words"), pulse()), underway=underway) == []


def test_check_refuses_another_kind_under_a_key_that_went_out() -> None:
    found = only(content(pulse("hello")), underway=launched(content(vision()), begun={"hello"}))
    assert found == (
        'error campaign.touchpoints[1].key: "hello" began as a vision: give this another key'
    )


def test_check_refuses_another_key_for_a_rule_whose_limits_count() -> None:
    underway = launched(content(pulse(), rules=(RULE,)))
    renamed = content(pulse(), rules=(RULE | {"key": "quiet"},))
    assert only(renamed, underway=underway) == (
        'error campaign.rules[1].key: the running version calls this "silent"; under another key '
        'its limits would count from nothing: keep "silent"'
    )


GONE = "spring", {"title": "Spring", "text": "The portal opens"}


def test_check_remembers_what_an_older_version_began() -> None:
    between = content(vision(GONE[0], **GONE[1]))
    underway = launched(content(vision()), between, begun={"hello"})
    again = only(content(vision("hi")), underway=underway)
    assert again.endswith('under another key it would go out once more: keep "hello"')
    other_kind = only(content(pulse("hello")), underway=underway)
    assert other_kind.endswith('"hello" began as a vision: give this another key')
    assert remarks(content(vision()), underway=underway) == []


def test_check_knows_a_renamed_rule_by_the_words_that_it_sends() -> None:
    between, before = content(pulse()), content(pulse(), rules=(RULE,))
    after = plain(
        questions=[scale()],
        touchpoints=[pulse(), COURSE | {"key": "lesson"}],
        rules=[RULE | {"key": "quiet", "send": "lesson"}],
    )
    found = only(after, underway=launched(before, between))
    assert found.startswith('error campaign.rules[1].key: the running version calls this "silent"')


def test_check_says_what_an_edit_comes_too_late_for() -> None:
    underway = launched(content(vision(), pulse()), begun={"hello"}, waiting={"hello"})
    assert only(content(pulse()), underway=underway) == (
        'warning campaign.touchpoints: "hello" is gone from the file and goes out all the same, '
        "for it is on its way: to hold it back, pause or stop the campaign"
    )
    worded = content(vision(text="Other words"), pulse())
    assert only(worded, underway=underway) == (
        "warning campaign.touchpoints[1]: it is on its way: whoever still waits gets it as it was"
    )
    moved = content(vision(when={"days_after_launch": 9}), pulse())
    assert only(moved, underway=underway) == (
        "warning campaign.touchpoints[1].when: it went out or is on its way: it keeps its old time"
    )
    assert remarks(worded, underway=launched(content(vision(), pulse()), begun={"hello"})) == []


def test_check_counts_days_from_the_real_launch_of_a_running_campaign() -> None:
    first, late = vision(), vision("late", when={"days_after_launch": 5}, text="Late", title="Late")
    underway = launched(content(first), begun={"hello"}, days_ago=60)
    assert only(content(first, late), underway=underway) == (
        "warning campaign.touchpoints[2].when.days_after_launch: this is in the past: it would go "
        "out at once"
    )
    series = pulse(when={"every_days": 14, "first_after_days": 7, "times": 3})
    assert only(content(first, series), underway=underway) == (
        "warning campaign.touchpoints[2].when: it is counted from the launch on 2026-11-12, and "
        "all its days are past: nothing would go out"
    )
    assert remarks(content(first), underway=underway) == []


def test_check_finds_no_past_time_in_what_went_out_then() -> None:
    told = content(vision(when={"at": "2027-01-04 09:00"}))
    assert remarks(told, underway=launched(told, begun={"hello"}, days_ago=9)) == []
    assert "in the past" in only(told, underway=launched(told, days_ago=9))


def test_check_refuses_the_file_of_a_stopped_campaign() -> None:
    assert only(content(vision()), underway=launched(content(vision()), is_stopped=True)) == (
        "error campaign.key: this campaign was stopped and stays so: give the file a new key"
    )


def test_check_says_whom_a_changed_audience_comes_too_late_for() -> None:
    audience = {"roles": ["clerk"]}
    before = plain(questions=[scale()], touchpoints=[vision(), pulse()])
    after = plain(questions=[scale()], touchpoints=[vision(), pulse()], audience=audience)
    underway = launched(before, begun={"hello", "pulse"}, waiting={"pulse"})
    place = "warning campaign.audience: whoever is"
    assert remarks(after, underway=underway) == [
        f"{place} new in it does not get what has begun: hello",
        f"{place} no longer in it still gets what is on its way: pulse",
    ]
    assert remarks(before, underway=underway) == []


def test_check_finds_a_running_campaign_under_another_key() -> None:
    here, elsewhere = content(vision()), content(vision("hi", when={"days_after_launch": 3}))
    around = Around((Elsewhere(elsewhere, NOW.date()),))
    renamed = here.model_copy(update={"campaign": here.campaign.model_copy(update={"key": "new"})})
    assert only(renamed, around=around) == (
        'warning campaign.key: the running campaign "portal-2027" sends the same message: as '
        "another campaign it goes out once more; for a new version of that one, keep its key"
    )
    later = {"days_after_launch": 3}  # on no day that the other one writes on
    other = Around((Elsewhere(content(vision(text="Else", when=later)), NOW.date()),))
    assert remarks(renamed, around=other) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"points": 7}, 'error campaign.questions[1]: "ready" was asked otherwise: what was'),
        ({"kind": "text"}, 'error campaign.questions[1]: "ready" was asked otherwise: what was'),
        ({"favourable": "low"}, 'warning campaign.questions[1].favourable: "ready" was asked '),
        ({"prompt": "In other words"}, None),
    ],
)
def test_check_finds_a_question_whose_answers_would_be_read_otherwise(
    change: dict[str, Any], expected: str | None
) -> None:
    begun = launched(content(pulse()), begun={"pulse"})
    edited = plain(questions=[scale() | change], touchpoints=[pulse()])
    found = [one for one in remarks(edited, underway=begun) if "campaign.questions" in one]
    assert [one[: len(str(expected))] for one in found] == ([expected] if expected else [])
    not_begun = remarks(edited, underway=launched(content(pulse())))
    assert not any("was asked" in one for one in not_begun)
