"""Whether a due sending goes out now, later or never: one rule for every kind."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.attention import Contact, Touch
from campaigns.domain.bounds import Limits
from campaigns.domain.definition import QuietHours
from campaigns.domain.outbox import (
    CAN_WAIT,
    CAPPED,
    SEND,
    STOP,
    UNDISTURBED,
    Facts,
    Kind,
    State,
    judge,
)
from campaigns.domain.timing import WEEK, next_permitted
from tests.people import clerk

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
CALLS = st.sampled_from(list(Kind))
AT_ONCE = {Kind.HELP, Kind.CONTACT, Kind.ASKED}  # for who is in need, and for who has just pressed
QUIET = QuietHours(start=time(19), end=time(7))
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
AGO = st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=8)
CLOSING = st.none() | st.timedeltas(timedelta(hours=-1), timedelta(days=8))


@given(
    kind=CALLS,
    now=MOMENTS,
    ago=AGO,
    closing=CLOSING,
    per_week=st.integers(1, 4),
    until=st.none() | st.timedeltas(timedelta(hours=-9), timedelta(days=400)),
)
def test_verdict_keeps_to_hours_cap_closing_and_who_wants_not_to_be_disturbed(
    kind: Kind,
    now: datetime,
    ago: list[timedelta],
    closing: timedelta | None,
    per_week: int,
    until: timedelta | None,
) -> None:
    closes_at = None if closing is None else now + closing
    recent = [now - by for by in ago]
    touch = Touch(limits=Limits(messages_per_week=per_week))
    spent = [Contact(at, touch) for at in recent]
    undisturbed_until = None if until is None else now + until
    facts = Facts(
        kind,
        clerk(),
        closes_at=closes_at,
        quiet=QUIET,
        touch=touch,
        spent=spent,
        undisturbed_until=undisturbed_until,
    )
    verdict = judge(facts, now)
    if verdict.reason == UNDISTURBED:
        assert kind in CAN_WAIT
        assert undisturbed_until is not None
        assert undisturbed_until <= (verdict.until or now) <= now + WEEK
    if kind in AT_ONCE:
        assert verdict == SEND
        return
    goes_at = verdict.until or now
    if verdict.state in (State.SENDING, State.PENDING):
        assert next_permitted(goes_at, facts.person, QUIET) == goes_at
        assert closes_at is None or goes_at < closes_at
        if kind in CAPPED:
            assert sum(at > goes_at - WEEK for at in recent) < per_week
    if verdict.state is State.PENDING:
        assert goes_at > now
    else:
        assert verdict.state is State.SENDING or verdict.state is State.DROPPED
    if verdict.state is State.DROPPED:
        assert closes_at is not None


@given(kind=CALLS, now=MOMENTS)
def test_verdict_on_who_left_is_always_to_drop(kind: Kind, now: datetime) -> None:
    assert judge(Facts(kind, clerk(active=False)), now).state is State.DROPPED


@pytest.mark.parametrize("kind", sorted(set(Kind) - AT_ONCE))
def test_verdict_is_to_cancel_when_stopped_or_answered(kind: Kind) -> None:
    assert judge(Facts(kind, clerk(), stopped=True), NOW) == STOP
    answered = judge(Facts(kind, clerk(), answered=True), NOW)
    assert (answered.state, answered.reason) == (State.CANCELLED, "answered")
