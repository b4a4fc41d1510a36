"""The connection is kept whatever Slack does to it, and says of itself what is true."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic, sleep

import pytest
from slack_bolt import BoltRequest, BoltResponse
from sqlalchemy import event as events

from bot.slack.app import STORED
from campaigns.storage.database import Database
from tests.bot.slack.office import PATIENT, QUICK, Office, office


@pytest.fixture
def at(sqlite_database: Database, now: datetime) -> Iterator[Office]:
    with office(sqlite_database, now, "P1") as found:
        becomes(lambda: found.chat.problem() == "")
        yield found


def becomes(true: Callable[[], bool]) -> None:
    ends_at = monotonic() + PATIENT
    while not true():
        assert monotonic() < ends_at, "it did not come about"
        sleep(0.02)


def answers(at: Office, n_lines: int = 1) -> None:
    """A press goes through, on a connection that stays."""
    at.slack.until(lambda: len(at.slack.sockets.connections) == n_lines, PATIENT)
    at.scene.now += timedelta(weeks=1)  # two pulses have some days between them
    person = at.person()
    pulse = at.pulse(person)
    assert at.slack.tap("U0P1", pulse, "2").acked
    at.reads(person, "What is in your way?")


def n_opened(at: Office) -> int:
    return len(at.slack.calls("apps.connections.open"))


def test_a_healthy_connection_has_no_problem(at: Office) -> None:
    becomes(lambda: at.chat.problem() == "")
    answers(at)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "anything_else"])
def test_a_connection_that_slack_ends_is_renewed(at: Office, reason: str) -> None:
    before = n_opened(at)
    at.slack.disconnect(reason)
    becomes(lambda: n_opened(at) == before + 1)
    becomes(lambda: at.chat.problem() == "")
    becomes(lambda: len(at.slack.sockets.connections) == 1)
    answers(at)


def test_a_connection_that_is_cut_is_renewed(at: Office) -> None:
    at.slack.sockets.drop()
    becomes(lambda: n_opened(at) == 2)
    becomes(lambda: at.chat.problem() == "")
    answers(at)


def test_a_new_connection_is_open_before_the_old_one_goes(at: Office) -> None:
    [old] = at.slack.sockets.connections
    at.slack.disconnect("warning")
    becomes(lambda: len(at.slack.sockets.connections) == 2)
    becomes(lambda: old not in at.slack.sockets.connections)
    answers(at)


def test_failed_reconnects_wait_longer_each_time_and_are_told(
    at: Office, caplog: pytest.LogCaptureFixture
) -> None:
    at.slack.faults.add("apps.connections.open", 503, 3)
    at.slack.sockets.drop()
    becomes(lambda: at.chat.problem().startswith("slack socket"))
    becomes(lambda: n_opened(at) == 5)
    becomes(lambda: at.chat.problem() == "")
    assert "try 3" in caplog.text
    answers(at)


def test_a_rate_limit_on_connecting_is_kept(at: Office) -> None:
    at.slack.faults.add("apps.connections.open", 429, 1, seconds=1)
    at.slack.sockets.drop()
    becomes(lambda: n_opened(at) == 2)
    began = monotonic()
    becomes(lambda: n_opened(at) == 3)
    assert monotonic() - began > 0.7


def test_too_many_connections_are_no_reason_to_open_more(at: Office) -> None:
    at.slack.disconnect("too_many_websockets")
    becomes(lambda: at.chat.problem() == "slack socket: too_many_websockets")
    assert n_opened(at) == 1
    becomes(lambda: at.chat.problem() == "")


def test_a_switched_off_socket_mode_is_told_by_its_name(at: Office) -> None:
    at.slack.faults.add("apps.connections.open", 500, None)
    at.slack.disconnect("link_disabled")
    becomes(lambda: at.chat.problem().startswith("slack socket"))


def test_a_connection_that_answers_no_ping_is_given_up(at: Office) -> None:
    at.slack.withhold_pongs()
    becomes(lambda: n_opened(at) >= 2)
    at.slack.sockets.answers_pings = True
    becomes(lambda: at.chat.problem() == "")
    answers(at)


def test_a_silent_connection_is_renewed_in_case_it_is_deaf(
    sqlite_database: Database, now: datetime
) -> None:
    with office(sqlite_database, now, "P1", patience=replace(QUICK, silent=0.5)) as at:
        becomes(lambda: n_opened(at) >= 3)
        answers(at)


def test_more_connections_than_there_should_be_are_a_problem(at: Office) -> None:
    at.slack.sockets.ghosts = 4
    at.slack.sockets.drop()
    becomes(lambda: at.chat.problem() == "slack socket: too many connections")
    at.slack.sockets.ghosts = 0
    becomes(lambda: at.chat.problem() == "")


@pytest.mark.parametrize(
    "text", ["", "no json", "{", "[]", "{}", '{"type": 7}', '{"envelope_id": 7, "payload": 1}']
)
def test_what_can_not_be_read_changes_nothing(at: Office, text: str) -> None:
    at.slack.sockets.raw(text)
    answers(at)


def test_an_unreadable_envelope_is_acknowledged_and_logged_without_words(
    at: Office, caplog: pytest.LogCaptureFixture
) -> None:
    sent = at.slack.sockets.deliver("interactive", ["my words"])  # type: ignore[arg-type]
    assert sent.wait().acked
    assert "my words" not in caplog.text


def test_a_press_passes_bolt_by_and_all_else_does_not(at: Office) -> None:
    asked: list[object] = []

    @at.chat.app.middleware
    def note(body: dict[str, object], next_: Callable[[], BoltResponse]) -> BoltResponse:
        asked.append(body.get("type", "command"))
        return next_()

    person = at.person()
    assert at.slack.tap("U0P1", at.pulse(person), "2").acked
    at.reads(person, "What is in your way?")
    assert asked == []
    assert at.slack.command("U0P1").acked
    at.slack.open_home("U0P1")
    assert asked == ["command", "event_callback"]


def test_two_processes_share_what_comes(at: Office) -> None:
    other = Office(at.scene, at.slack)
    other.chat.start()
    at.slack.connected(2)
    try:
        for _ in range(2):
            answers(at, 2)
        at.chat.stop()
        answers(other)
    finally:
        other.chat.stop()


def test_a_token_that_slack_took_back_is_told(sqlite_database: Database, now: datetime) -> None:
    with office(sqlite_database, now, "P1") as at:
        becomes(lambda: at.chat.problem() == "")
        at.slack.tokens.bot = "xoxb-another"
        at.chat.probe()
        assert at.chat.problem() == "slack token"


def test_a_burst_waits_together_and_on_no_thread(at: Office) -> None:
    inserts: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        inserts.extend([statement] if statement.startswith("INSERT INTO inbox") else [])

    events.listen(at.scene.database.engine, "before_cursor_execute", note)
    button = {"type": "button", "action_id": "answer_1", "block_id": "b", "value": "none"}
    body = {"type": "block_actions", "user": {"id": "U0P1"}, "actions": [button]}
    with at.scene.database.write():  # nothing is stored before this ends
        asked = [
            BoltRequest(mode="socket_mode", body=body | {"trigger_id": f"T{n}"}) for n in range(30)
        ]
        assert {at.chat.app.dispatch(one).status for one in asked} == {200}
        stored = [one.context[STORED] for one in asked]
        assert not any(one.done() for one in stored)
    assert [one.result(timeout=PATIENT) for one in stored] == [None] * 30
    assert len(inserts) <= 2  # the first may have gone ahead
