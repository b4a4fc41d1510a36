"""One budget of attention a person: messages, minutes and pulses, and who gives way to whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.attention import HIGH, LOW, NORMAL, Contact, Room, Touch, room_for, touch
from campaigns.domain.bounds import Limits
from campaigns.domain.definition import QuietHours
from campaigns.domain.effort import seconds
from campaigns.domain.outbox import Facts, Kind, State, judge
from tests.budgets import keeps_to_all_budgets
from tests.campaigns.domain.drafts import only, plain, pulse, remarks, scale, vision
from tests.people import clerk

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WIDE = Limits(messages_per_week=20, minutes_per_week=120, days_between_pulses=0)
QUIET = QuietHours()

limits = st.builds(
    Limits,
    messages_per_week=st.integers(1, 4),
    minutes_per_week=st.integers(1, 6),
    days_between_pulses=st.integers(0, 9),
)
touches = st.builds(
    Touch,
    seconds=st.floats(5, 200),
    is_pulse=st.booleans(),
    rank=st.sampled_from([LOW, NORMAL, HIGH]),
    drops=st.booleans(),
    limits=limits,
)


def ago(days: float, touch: Touch) -> Contact:
    return Contact(NOW - timedelta(days=days), touch)


def room(wanted: Touch, *spent: Contact, rivals: list[Contact] | None = None, **who: Any) -> Room:
    return room_for(wanted, spent, rivals or [], clerk(**who), NOW)


def within(budget: Limits, **more: int) -> Limits:
    return budget.model_copy(update=more)


@given(touches, st.lists(st.tuples(st.floats(0, 12), touches), max_size=6))
def test_room_is_the_first_moment_within_every_budget_of_all_campaigns(
    wanted: Touch, before: list[tuple[float, Touch]]
) -> None:
    spent = [ago(days, one) for days, one in before]
    found = room_for(wanted, spent, [], clerk(time_zone="UTC"), NOW)
    assert keeps_to_all_budgets(wanted, spent, found.at)
    assert (found.at > NOW) is bool(found.reason)
    assert found.at <= NOW + 9 * DAY
    just_before = found.at - timedelta(microseconds=1)
    assert found.at == NOW or not keeps_to_all_budgets(wanted, spent, just_before)


def test_room_keeps_to_the_strictest_of_the_campaigns_involved() -> None:
    strict, lax = Touch(limits=within(WIDE, messages_per_week=1)), Touch(limits=WIDE)
    assert room(lax, ago(2, strict)) == Room(NOW + 5 * DAY, "weekly cap")
    assert room(strict, ago(2, lax)) == Room(NOW + 5 * DAY, "weekly cap")
    assert room(lax, ago(2, lax)) == room(lax, ago(8, strict)) == Room(NOW)
    assert room(lax, ago(2, lax), per_week=1) == Room(NOW + 5 * DAY, "weekly cap")


def test_room_counts_minutes_and_lets_alone_what_takes_more_than_a_week_has() -> None:
    short = within(WIDE, minutes_per_week=2)
    long, brief = Touch(seconds=100, limits=short), Touch(seconds=15, limits=WIDE)
    assert room(long, ago(3, brief)) == Room(NOW)
    assert room(long, ago(3, brief), ago(1, brief)) == Room(NOW + 4 * DAY, "minutes a week")
    assert room(Touch(seconds=900, limits=short)) == Room(NOW)


def test_pulses_keep_days_of_the_persons_own_calendar_between_them() -> None:
    three = Touch(is_pulse=True, limits=within(WIDE, days_between_pulses=3))
    late = Contact(datetime(2027, 1, 9, 23, 30, tzinfo=UTC), three)  # the 10th in Berlin
    assert room(three, late) == Room(datetime(2027, 1, 12, 23, tzinfo=UTC), "days between pulses")
    assert room_for(three, [late], [], clerk(time_zone="UTC"), NOW) == Room(NOW)
    assert room(Touch(limits=WIDE), late) == Room(NOW)


def test_what_ranks_lower_gives_way_to_what_is_due_within_a_week() -> None:
    one = within(WIDE, messages_per_week=1)
    low, high = Touch(rank=LOW, limits=one), Touch(rank=HIGH, limits=one)
    soon, far = Contact(NOW + 2 * DAY, high), Contact(NOW + 8 * DAY, high)
    assert room(low, rivals=[soon]) == Room(NOW + 9 * DAY, "gave way")
    assert room(low, rivals=[far]) == room(high, rivals=[soon]) == Room(NOW)
    assert room(high, rivals=[Contact(NOW + DAY, low)]) == Room(NOW)
    roomy = Touch(rank=LOW, limits=within(WIDE, messages_per_week=2))
    assert room(roomy, rivals=[Contact(NOW + DAY, Touch(rank=HIGH, limits=WIDE))]) == Room(NOW)


def test_nothing_gives_way_to_what_has_no_room_anyway() -> None:
    one = within(WIDE, messages_per_week=1)
    low, high = Touch(rank=LOW, limits=WIDE), Touch(rank=HIGH, limits=one)
    assert room(low, ago(1, Touch(limits=WIDE)), rivals=[Contact(NOW + DAY, high)]) == Room(NOW)


@pytest.mark.parametrize(("drops", "state"), [(True, State.DROPPED), (False, State.PENDING)])
def test_loser_is_moved_or_dropped_by_its_own_rule(drops: bool, state: State) -> None:
    one = within(WIDE, messages_per_week=1)
    spent = [ago(2, Touch(limits=one))]
    facts = Facts(
        Kind.VISION, clerk(), quiet=QUIET, touch=Touch(drops=drops, limits=one), spent=spent
    )
    found = judge(facts, NOW)
    assert (found.state, found.reason.removeprefix("moved: ")) == (state, "weekly cap")
    night = judge(Facts(Kind.VISION, clerk(), touch=Touch(drops=True)), NOW.replace(hour=23))
    assert night.state is State.PENDING  # only a full week drops it


def test_touch_ranks_by_kind_unless_the_file_says_so() -> None:
    content = plain(
        questions=[scale()],
        touchpoints=[
            vision(priority="low", if_crowded="drop"),
            pulse(),
            {"kind": "reminder", "key": "again", "when": {"pulse": "pulse", "days": 2}}
            | {"title": "Again", "text": "Still open."},
        ],
    )
    hello = touch(content, "vision", "hello")
    assert (hello.rank, hello.drops, hello.is_pulse) == (LOW, True, False)
    asked = touch(content, "pulse", "pulse")
    assert (asked.rank, asked.drops, asked.is_pulse) == (NORMAL, False, True)
    assert touch(content, "reminder", "again").rank == LOW
    assert touch(content, "reminder", "").rank == LOW
    assert touch(content, "reminder", "", wished=True).rank == HIGH


def test_effort_grows_with_words_and_questions() -> None:
    text = {"key": "why", "kind": "text", "prompt": "Why?"}
    asked = [pulse(), pulse("both", questions=["ready", "why"])]
    content = plain(questions=[scale(), text], touchpoints=[vision(text="word " * 199), *asked])
    told, one, both = (seconds(content, each) for each in content.campaign.touchpoints)
    assert told == pytest.approx(5 + 60)  # 200 words with the title
    assert one == pytest.approx(5 + 4 * 0.3 + 5)
    assert both == pytest.approx(one + 0.3 + 45)


def test_check_warns_of_pulses_too_soon_and_of_too_many_minutes() -> None:
    asked = [pulse("a", when={"days_after_launch": 0}, open_days=1), pulse("b", open_days=1)]
    asked[1]["when"] = {"days_after_launch": 2}
    soon = only(plain(questions=[scale()], touchpoints=asked))
    assert soon.startswith(
        "warning campaign.touchpoints[2].when: on 2027-01-13 it would come 2 days"
    )
    assert (
        remarks(plain(questions=[scale()], touchpoints=asked, limits={"days_between_pulses": 2}))
        == []
    )
    wordy = [vision(str(n), text="word " * 500, when={"days_after_launch": n}) for n in range(2)]
    wordy = [one | {"key": f"v{one['key']}"} for one in wordy]
    full = only(plain(touchpoints=wordy, limits={"minutes_per_week": 4}))
    assert full.startswith(
        "warning campaign.limits.minutes_per_week: in the seven days from 2027-01-11"
    )
    alone = remarks(plain(touchpoints=wordy, limits={"minutes_per_week": 2}))
    assert len(alone) == 2
    assert "only reaches people who got nothing else" in alone[0]
