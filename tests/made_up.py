"""Organisations, calendars and campaigns that chance makes up, and what happens to them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from campaigns.domain.people import Person, WorkingHours
from tests.people import clerk
from tests.sending import pulse, reminder, vision

START = datetime(2027, 5, 3, 6, tzinfo=UTC)  # holidays in Europe on the 6th, 17th and 27th
STEP = timedelta(hours=7)
N_STEPS = 45
DAY = timedelta(days=1)
RANKS = st.sampled_from([None, "high", "normal", "low"])


@st.composite
def persons(draw: st.DrawFn, n: int) -> Person:
    first = START.date() + draw(st.integers(0, 12)) * DAY
    away = draw(st.booleans())
    return clerk(
        f"P{n}",
        time_zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo"])),
        hours=WorkingHours(
            time(draw(st.integers(6, 11))),
            time(draw(st.integers(13, 22))),
            draw(st.frozensets(st.integers(0, 6), min_size=1)),
        ),
        holidays=draw(st.sampled_from(["", "DE-BY", "US", "FR"])),
        away_from=first if away else None,
        away_until=first + draw(st.integers(0, 9)) * DAY if away else None,
    )


READY = {"key": "ready", "kind": "scale", "prompt": "I am ready.", "favourable": "high"}
IN_TURN = {"tools": 10, "room": 40, "time": 90}  # words of the question
QUESTIONS = [READY] + [
    {"key": key, "kind": "scale", "prompt": "word " * n_words} for key, n_words in IN_TURN.items()
]

# Whom a pulse asks at a time and what: some of each team, one question always, others in turn.
asked = st.builds(
    lambda one_in, keys, at_a_time: {
        "ask": {"one_in": one_in},
        "questions": ["ready", *keys],
        "rotate": {"questions": keys, "at_a_time": at_a_time} if len(keys) > at_a_time else None,
    },
    st.integers(1, 3),
    st.lists(st.sampled_from(sorted(IN_TURN)), unique=True),
    st.integers(1, 2),
)


@st.composite
def drafts(draw: st.DrawFn, n: int) -> dict[str, Any]:
    """What a campaign is made of: three kinds of touchpoints and its own limits."""

    def ranked(touchpoint: dict[str, Any]) -> dict[str, Any]:
        crowded = draw(st.sampled_from(["move", "drop"]))
        text = "word " * draw(st.integers(1, 200))
        return touchpoint | {"priority": draw(RANKS), "if_crowded": crowded, "text": text}

    every, hour = draw(st.integers(1, 5)), draw(st.integers(0, 23))
    again = {"cron": f"0 {hour} */{every} * *"}
    weekly: dict[str, Any] = {
        "every_days": draw(st.integers(2, 6)),
        "first_after_days": 0,
        "times": 9,
    }
    asking = pulse(f"ask-{n}", open_days=draw(st.integers(2, 6)), **weekly)
    return {
        "questions": QUESTIONS,
        "touchpoints": [
            ranked(vision(f"tell-{n}", **again)),
            ranked(asking) | draw(asked),
            ranked(reminder(1, f"ask-{n}", f"again-{n}")),
        ],
        "limits": {
            "messages_per_week": draw(st.integers(1, 7)),
            "minutes_per_week": draw(st.integers(1, 3)),
            "days_between_pulses": draw(st.integers(0, 7)),
        },
        "quiet_hours": {"start": f"{draw(st.integers(17, 21))}:00", "end": "07:00"},
    }


# What happens at some step: somebody pauses, leaves, is given a follow-up; a campaign is stopped,
# or goes on as another version of it.
events = st.lists(
    st.tuples(
        st.integers(1, N_STEPS - 1),
        st.sampled_from(["pause", "leave", "follow up", "fewer", "stop", "edit", "edit"]),
        st.integers(0, 9),
        asked,
    ),
    max_size=12,
)
