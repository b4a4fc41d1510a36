"""The doctor names each thing in Slack that is wrong, says how to mend it, and shows no token."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from bot.clocks import system_now
from bot.findings import Finding
from bot.settings import Settings
from bot.slack import doctor
from bot.slack.limits import lanes
from bot.slack.scopes import BOT_SCOPES, OPTIONAL_SCOPES
from campaigns.flows.enrolling import import_people
from campaigns.storage import lanes as taken
from campaigns.storage import schema
from campaigns.storage.database import Database
from tests.slack_server import SlackServer

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(["U1", "U2"], scopes=BOT_SCOPES) as server:
        yield server


def settings(slack: SlackServer, **changes: object) -> Settings:
    usual: dict[str, object] = {
        "slack_bot_token": SecretStr(slack.tokens.bot),
        "slack_app_token": SecretStr(slack.tokens.app),
        "slack_api_url": slack.api_url,
    }
    return Settings(**{**usual, **changes})  # type: ignore[arg-type]


def look(of: Settings) -> dict[str, Finding]:
    found = list(doctor.look(of))
    held = (of.slack_bot_token, of.slack_app_token, of.slack_signing_secret)
    shown = " ".join(one.message for one in found)
    assert not any(token and token in shown for token in (s.get_secret_value() for s in held))
    return {one.subject: one for one in found}


def test_doctor_says_that_slack_is_not_set_up_when_there_is_no_token() -> None:
    [finding] = doctor.look(Settings())
    assert finding.ok
    assert "not set up" in finding.message


def test_doctor_is_content_when_all_is_right(slack: SlackServer) -> None:
    found = look(settings(slack))
    assert all(one.ok for one in found.values())
    assert found["Scopes"].message == f"all {len(BOT_SCOPES)} that are needed"
    assert list(found) == ["Slack", "Scopes", "Do not disturb", "Socket"]


def test_doctor_says_what_it_means_when_the_optional_scope_is_missing(slack: SlackServer) -> None:
    without = look(settings(slack))["Do not disturb"]
    assert without.ok
    assert "dnd:read" in without.message
    with SlackServer(["U1"], scopes={*BOT_SCOPES, *OPTIONAL_SCOPES}) as all_granted:
        found = look(settings(all_granted))
    assert "forgotten" in found["Do not disturb"].message
    assert found["Scopes"].message == f"all {len(BOT_SCOPES)} that are needed"


@pytest.mark.parametrize("missing", list(BOT_SCOPES))
def test_doctor_names_the_scope_that_is_missing_and_what_it_is_for(missing: str) -> None:
    with SlackServer(["U1"], scopes=set(BOT_SCOPES) - {missing}) as slack:
        finding = look(settings(slack))["Scopes"]
    assert not finding.ok
    assert finding.message.startswith(f"{missing} is missing (to {BOT_SCOPES[missing]}): bring")


def test_doctor_names_every_missing_scope_and_those_that_are_too_many() -> None:
    with SlackServer(["U1"], scopes={"chat:write", "files:write"}) as slack:
        found = [one for one in doctor.look(settings(slack)) if one.subject == "Scopes"]
    assert len(found) == len(BOT_SCOPES) - 1
    with SlackServer(["U1"], scopes={*BOT_SCOPES, "files:write"}) as slack:
        assert "not needed: files:write" in look(settings(slack))["Scopes"].message


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
def test_doctor_asks_for_a_token_when_slack_does_not_take_it(
    slack: SlackServer, error: str
) -> None:
    slack.tokens.broken = error
    finding = look(settings(slack))["Slack"]
    assert not finding.ok
    assert error in finding.message
    assert "BELLWETHER_SLACK_BOT_TOKEN" in finding.message


def test_doctor_tells_tokens_apart_when_they_are_swapped(slack: SlackServer) -> None:
    swapped = settings(slack, slack_bot_token=SecretStr("xapp-1"))
    assert "BELLWETHER_SLACK_BOT_TOKEN holds another kind" in look(swapped)["Slack"].message
    swapped = settings(slack, slack_app_token=SecretStr("xoxb-1"))
    assert "BELLWETHER_SLACK_APP_TOKEN holds another kind" in look(swapped)["Socket"].message


def test_doctor_says_where_to_look_when_slack_can_not_be_reached(slack: SlackServer) -> None:
    [finding] = doctor.look(settings(slack, slack_api_url="http://127.0.0.1:9/api/"))
    assert not finding.ok
    assert "BELLWETHER_SLACK_API_URL" in finding.message


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("missing_scope", "lacks connections:write"),
        ("not_allowed_token_type", "lacks connections:write"),
        ("invalid_auth", "copy it again"),
        ("socket_mode_disabled", "Socket Mode is switched off"),
        ("internal_error", "Slack failed: internal_error"),
    ],
)
def test_doctor_says_why_no_socket_is_given(slack: SlackServer, error: str, told: str) -> None:
    slack.faults.add("apps.connections.open", error)
    finding = look(settings(slack))["Socket"]
    assert not finding.ok
    assert told in finding.message


def test_doctor_asks_for_a_way_in_when_there_is_none(slack: SlackServer) -> None:
    finding = look(settings(slack, slack_app_token=SecretStr("")))["Way in"]
    assert not finding.ok
    assert "BELLWETHER_SLACK_APP_TOKEN" in finding.message


class Site(BaseHTTPRequestHandler):
    """What answers at the public address: Bellwether with this secret, or something else."""

    secret = SECRET
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        right = SignatureVerifier(self.secret).is_valid_request(body, headers)
        status = self.status if right else 401
        self.send_response(status)
        self.end_headers()
        if status == 200 and self.path == "/slack/events":
            self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Site, "status", 200)
    monkeypatch.setattr(Site, "secret", SECRET)
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def by_http(slack: SlackServer, address: str) -> Finding:
    changes = {"slack_app_token": SecretStr(""), "slack_signing_secret": SecretStr(SECRET)}
    return look(settings(slack, public_url=address, **changes))["Signing secret"]


def test_doctor_asks_its_own_address_as_slack_would(slack: SlackServer, site: str) -> None:
    assert by_http(slack, site) == Finding(
        "Signing secret", f"{site}/slack/events takes what is signed with it"
    )


def test_doctor_notices_when_the_address_knows_another_secret(
    slack: SlackServer, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site, "secret", "f" * 32)
    finding = by_http(slack, site)
    assert not finding.ok
    assert "start `bellwether serve` again" in finding.message


@pytest.mark.parametrize(("status", "told"), [(404, "answers with 404"), (204, "Something else")])
def test_doctor_notices_when_something_else_is_at_the_address(
    slack: SlackServer, site: str, monkeypatch: pytest.MonkeyPatch, status: int, told: str
) -> None:
    monkeypatch.setattr(Site, "status", status)
    finding = by_http(slack, site)
    assert not finding.ok
    assert told in finding.message


def test_doctor_says_when_to_ask_again_while_nobody_is_at_the_address(slack: SlackServer) -> None:
    finding = by_http(slack, "http://127.0.0.1:9")
    assert finding.ok
    assert "while `bellwether serve` runs" in finding.message


@pytest.fixture
def staffed(tmp_path: Path) -> str:
    """The address of a database with somebody whom Slack knows, and somebody it doesn't."""
    url = f"sqlite:///{tmp_path}/probe.db"
    schema.migrate(url)
    database = Database(url)
    import_people(database, "id,name,team,language\nP1,Ada,A,de\nP2,Bea,A,en\n")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE people SET slack_id = 'U1' WHERE external_id = 'P1'")
    database.close()
    return url


def probe(of: Settings, who: str) -> dict[str, Finding]:
    return {one.subject: one for one in doctor.probe(of, who)}


def test_probe_sends_in_the_language_of_the_person_and_finds_it_again(
    slack: SlackServer, staffed: str
) -> None:
    found = probe(settings(slack, database_url=staffed), "P1")
    assert found["Greeting"].message.endswith("it counts 1")
    assert found["Probe"].ok
    [message] = slack.messages("U1")
    assert message.text.startswith("Ein Test")
    assert slack.messages("U2") == []
    slack.connected(0)


def test_probe_says_so_when_the_message_can_not_be_found_again(
    slack: SlackServer, staffed: str
) -> None:
    slack.faults.add("conversations.history", "missing_scope")
    finding = probe(settings(slack, database_url=staffed), "P1")["Probe"]
    assert not finding.ok
    assert "slack-manifest.yaml" in finding.message


@pytest.mark.parametrize(("who", "told"), [("P2", "people sync slack"), ("P9", "no such person")])
def test_probe_names_no_one_whom_slack_does_not_know(
    slack: SlackServer, staffed: str, who: str, told: str
) -> None:
    finding = probe(settings(slack, database_url=staffed), who)["Probe"]
    assert not finding.ok
    assert told in finding.message
    assert not slack.calls("chat.postMessage")


def test_probe_notices_a_socket_on_which_nobody_greets(
    slack: SlackServer, staffed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack.sockets, "address", "ws://127.0.0.1:9/link/")
    finding = probe(settings(slack, database_url=staffed), "P1")["Greeting"]
    assert not finding.ok
    assert "WebSockets" in finding.message


def test_probe_notices_when_too_many_sockets_are_open(slack: SlackServer, staffed: str) -> None:
    slack.sockets.ghosts = 10
    finding = probe(settings(slack, database_url=staffed), "P1")["Greeting"]
    assert not finding.ok
    assert "too many are open" in finding.message


def test_probe_needs_slack_to_be_set_up() -> None:
    [finding] = doctor.probe(Settings(), "P1")
    assert not finding.ok


def test_probe_takes_its_slots_and_waits_where_there_is_none(
    slack: SlackServer, staffed: str
) -> None:
    of = settings(slack, database_url=staffed)
    assert probe(of, "P1")["Probe"].ok
    n_sent, limits = len(slack.calls("chat.postMessage")), lanes(of)
    database = Database(staffed)
    with database.write() as c:
        used = taken.standing(c, [limits[act] for act in doctor.PROBES])
        assert all(used.values())
        taken.hold(c, limits["send"], system_now() + timedelta(hours=1))
    database.close()
    finding = probe(of, "P1")["Probe"]
    assert "run this again in a minute" in finding.message
    assert not finding.ok
    assert len(slack.calls("chat.postMessage")) == n_sent


@pytest.mark.parametrize("kind", ["429", "500", "503", "internal_error", "something_new"])
def test_doctor_says_what_to_do_when_slack_fails(slack: SlackServer, kind: str) -> None:
    slack.faults.add("auth.test", kind)
    [finding] = doctor.look(settings(slack))
    assert not finding.ok
    assert "Try again in a minute; if it stays, check BELLWETHER_SLACK_API_URL" in finding.message
