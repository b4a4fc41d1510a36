"""A launch in Slack at its documented limits: no refusal, no slot wasted (D6).

LAUNCH_PEOPLE=5000 takes two minutes; every run of all tests makes do with fewer.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from campaigns.domain.lanes import LOOK_SECONDS
from campaigns.domain.outbox import Kind, State
from campaigns.flows import forecasting
from campaigns.flows.delivering import deliver_due
from campaigns.flows.not_disturbing import AT_ONCE, Undisturbed
from campaigns.storage.database import Database
from tests.bot.slack import desk
from tests.sending import launched, plain, put, rows, staff, vision, wish
from tests.slack_server import DOCUMENTED, SlackServer

N_PEOPLE = int(os.environ.get("LAUNCH_PEOPLE", "600"))
PER_MINUTE = DOCUMENTED.posts_per_minute
POST = "chat.postMessage"
QUIET_SECONDS = 45  # a tenth of the people wants not to be disturbed for so long


def busiest(moments: Sequence[float], window: float) -> int:
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - window:
            first += 1
        most = max(most, last - first + 1)
    return most


def left(database: Database, *kinds: Kind) -> int:
    """How many of these kinds are due and have not gone out."""
    return sum(row.kind in kinds for row in rows(database, State.PENDING))


@pytest.mark.slow
def test_launch_provokes_no_refusal_and_uses_the_lane(
    sqlite_database: Database, now: datetime
) -> None:
    database = sqlite_database
    ids = staff(database, N_PEOPLE)
    desk.all_known(database, {n: f"U{n:08d}" for n in ids})
    launched(database, now, vision("why"))
    with SlackServer([f"U{n:08d}" for n in ids], limits=DOCUMENTED) as slack:
        chat = desk.messenger(slack, database, now, PER_MINUTE)
        forecast = forecasting.ends(database, chat.lanes["send"], now)["portal"]
        moment = now
        n_sent, n_help, known = 0, 0, Undisturbed()
        for n in ids[::10]:
            slack.do_not_disturb(f"U{n:08d}", now.timestamp(), now.timestamp() + QUIET_SECONDS)
        while n_sent < N_PEOPLE + n_help:
            slack.clock.set(moment.timestamp())
            urgent = (moment - now).seconds % 60 == 30  # somebody in need, in the midst of it
            if urgent:
                n_help += 1
                put(database, wish(ids[n_help], moment, "help", kind=Kind.HELP))
            while n := deliver_due(
                database, chat, plain, moment, ticks=lambda: 0.0, undisturbed=known
            ):
                n_sent += n
            assert not (urgent and left(database, Kind.HELP))
            moment += timedelta(seconds=LOOK_SECONDS)
        posts, asked = slack.calls(POST), slack.calls("dnd.teamInfo")
    assert {call.outcome for call in (*posts, *asked)} == {"ok"}
    assert len(asked) <= 2 * N_PEOPLE / AT_ONCE + 2
    woken = {f"U{n:08d}" for n in ids[::10]} - {f"U{ids[n]:08d}" for n in range(1, n_help + 1)}
    first = {str(call.args["channel"]): call.at for call in reversed(posts)}
    assert all(first[one] >= now.timestamp() + QUIET_SECONDS for one in woken)
    moments = [call.at for call in posts]
    assert busiest(moments, 60.0) <= PER_MINUTE
    used = len(posts) / ((moments[-1] - moments[0]) / 60 * PER_MINUTE)
    assert used >= 0.95
    assert len(rows(database, State.SENT)) == n_sent == N_PEOPLE + n_help
    assert abs(forecast.timestamp() - moments[-1]) < 90
