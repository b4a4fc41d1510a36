"""`/slack/events`: signed requests are taken like envelopes, everything else is refused."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from pydantic import SecretStr

from bot.serving import WebServer
from campaigns.storage.database import Database
from tests.bot.slack.office import Office, office

KEY = "8f742231b10e8888abcd99yyyzzz85a5"


def pages(_environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"a page"]


@pytest.fixture
def at(sqlite_database: Database, now: datetime) -> Iterator[Office]:
    secrets: dict[str, Any] = {
        "slack_app_token": SecretStr(""),
        "slack_signing_secret": SecretStr(KEY),
    }
    with office(sqlite_database, now, "P1", **secrets) as found:
        yield found


@pytest.fixture
def address(at: Office) -> Iterator[str]:
    server = WebServer(at.chat.in_front_of(pages), "127.0.0.1", 0)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def post(
    address: str, body: bytes, *, age: float = 0, secret: str = KEY, kind: str = "json"
) -> tuple[int, bytes]:
    stamp = str(int(time.time() - age))
    signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    content = "application/json" if kind == "json" else "application/x-www-form-urlencoded"
    headers = {
        "Content-Type": content,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signed}",
    }
    request = urllib.request.Request(f"{address}/slack/events", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def as_form(payload: Any) -> bytes:
    return urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()


def test_a_signed_press_is_taken(at: Office, address: str) -> None:
    person = at.person()
    pulse = at.pulse(person)
    sent = at.slack.tap("U0P1", pulse, "2")  # no socket is open: it only makes the payload
    assert sent.error == "no connection"
    assert post(address, as_form(sent.payload), kind="form")[0] == 200
    at.reads(person, "What is in your way?")


def test_a_signed_event_is_taken_and_the_address_is_confirmed(at: Office, address: str) -> None:
    at.person()
    challenge = {"type": "url_verification", "challenge": "abc", "token": "t"}
    status, answer = post(address, json.dumps(challenge).encode())
    assert (status, json.loads(answer)) == (200, {"challenge": "abc"})
    event = at.slack.payloads.event("app_home_opened", {"user": "U0P1", "tab": "home"})
    assert post(address, json.dumps(event).encode())[0] == 200
    at.slack.until(lambda: at.slack.home("U0P1") is not None, 20.0)


@pytest.mark.parametrize(("age", "status"), [(0, 200), (280, 200), (330, 401), (-330, 401)])
def test_a_request_is_good_for_five_minutes(address: str, age: float, status: int) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "E1", "event": {"type": "x"}}).encode()
    assert post(address, body, age=age)[0] == status


def test_a_request_signed_by_somebody_else_is_refused(address: str) -> None:
    assert post(address, b"{}", secret="another")[0] == 401


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[1]", b"null", b"payload=%7B", b"x" * 2_000_000]
)
@pytest.mark.parametrize("kind", ["json", "form"])
def test_what_can_not_be_read_is_refused_or_ignored(address: str, body: bytes, kind: str) -> None:
    assert post(address, body, kind=kind)[0] in (200, 400, 401)


def test_other_addresses_are_pages_and_other_methods_refused(address: str) -> None:
    with urllib.request.urlopen(f"{address}/anything", timeout=20) as response:
        assert response.read() == b"a page"
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(f"{address}/slack/events", timeout=20)


def test_an_event_that_can_not_be_stored_is_sent_again(at: Office, address: str) -> None:
    event = at.slack.payloads.event("app_home_opened", {"user": "U0P1", "tab": "home"})
    with at.without_database():
        assert post(address, json.dumps(event).encode())[0] == 503
    assert post(address, json.dumps(event).encode())[0] == 200


def test_it_is_ready_without_a_socket(at: Office) -> None:
    at.chat.probe()
    assert at.chat.problem() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Slack-Request-Timestamp", "yesterday"),
        ("X-Slack-Request-Timestamp", "9" * 400),
        ("X-Slack-Request-Timestamp", "\xb2"),
        ("X-Slack-Signature", "v0=\xff"),
    ],
)
def test_a_header_that_can_not_be_slacks_is_refused(
    address: str, name: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=00"}
    request = urllib.request.Request(f"{address}/slack/events", b"{}", {**headers, name: value})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=20)
    assert "broke off" not in caplog.text
