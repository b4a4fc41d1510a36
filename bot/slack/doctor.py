"""What `bellwether doctor` looks at in Slack: tokens, scopes, the way in, and a probe on request.

It changes nothing in Slack but by the probe, shows no token, and says how each fault is mended.
"""

import http
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.clocks import system_now
from bot.databases import database_of
from bot.findings import Finding
from bot.settings import Settings
from bot.slack.client import calling, connect, said
from bot.slack.hello import greeting
from bot.slack.limits import lanes
from bot.slack.messenger import SlackMessenger
from bot.slack.scopes import BOT_SCOPES, OPTIONAL_SCOPES
from bot.tokens import Tokens
from campaigns.domain.lanes import Act
from campaigns.domain.messages import Message, Text
from campaigns.domain.outbox import Kind
from campaigns.domain.wording import say
from campaigns.errors import (
    BellwetherError,
    ConfigurationError,
    DeliveryError,
    FinalDeliveryError,
    PlatformClosedError,
    StateError,
)
from campaigns.storage import directory
from campaigns.storage import lanes as taken
from campaigns.storage.database import Database
from campaigns.storage.schema import require_current

EVENTS_PATH = "/slack/events"
_REINSTALL = "bring the app up to slack-manifest.yaml and install it again (docs/slack.md)"
_WITH = "Slack is asked who has it on, just before their turn; two minutes later that is forgotten"
_WITHOUT = (
    "Slack may not tell who has it on (optional scope dnd:read): messages go out at their time, "
    "and Slack shows them without a sound"
)
PROBES: tuple[Act, ...] = ("send", "find")
_SECONDS = 5.0


def look(settings: Settings) -> Iterator[Finding]:
    """The findings about tokens, scopes and the way in; one line where Slack is not set up."""
    if not settings.slack_bot_token.get_secret_value():
        yield Finding("Slack", "not set up: all staff use the browser chat (docs/slack.md)")
        return
    try:
        told, scopes = _who(settings)
    except BellwetherError as error:
        yield Finding("Slack", _told(error), ok=False)
        return
    yield Finding("Slack", f"the bot {told.get('user', '')} in {told.get('team', '')}")
    yield from _scopes(scopes)
    yield from _way_in(settings)


def _who(settings: Settings) -> tuple[Mapping[str, object], str]:
    """What Slack says of the bot token, and of what it may do."""
    token = settings.slack_bot_token.get_secret_value()
    _refuse_kind("BELLWETHER_SLACK_BOT_TOKEN", token, "xoxb-", "“OAuth & Permissions”")
    with calling(repeatable=True):
        answer = connect(settings).auth_test()
        told = answer.data if isinstance(answer.data, dict) else {}
    if told.get("is_enterprise_install"):
        raise ConfigurationError(
            "The app is installed for a whole organisation; Bellwether needs it in one workspace: "
            "install it there and set that workspace's bot token."
        )
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    return told, headers.get("x-oauth-scopes", "")


def _refuse_kind(setting: str, token: str, begins: str, page: str) -> None:
    """Tokens are easily taken for each other; a server that stands in may have any of its own."""
    kinds = {"xoxb-", "xapp-", "xoxp-"} - {begins}
    if token.startswith(tuple(kinds)):
        raise ConfigurationError(
            f"{setting} holds another kind of token: it begins with {begins}, and stands on the "
            f"app's page {page}."
        )


def _scopes(told: str) -> Iterator[Finding]:
    granted = {scope.strip() for scope in told.split(",")} - {""}
    if not granted:
        yield Finding("Scopes", "this server doesn't say which the bot has")
        return
    missing = [scope for scope in BOT_SCOPES if scope not in granted]
    for scope in missing:
        why = BOT_SCOPES[scope]
        yield Finding("Scopes", f"{scope} is missing (to {why}): {_REINSTALL}", ok=False)
    if not missing:
        more = sorted(granted - set(BOT_SCOPES) - set(OPTIONAL_SCOPES))
        rest = f"; not needed: {', '.join(more)}" if more else ""
        yield Finding("Scopes", f"all {len(BOT_SCOPES)} that are needed{rest}")
    for scope in OPTIONAL_SCOPES:
        yield Finding("Do not disturb", _WITH if scope in granted else _WITHOUT)


def _way_in(settings: Settings) -> Iterator[Finding]:
    if settings.slack_app_token.get_secret_value():
        yield found("Socket", lambda: _address(settings) and "Slack opens one when it is asked")
    elif settings.slack_signing_secret.get_secret_value():
        yield found("Signing secret", lambda: _signed(settings))
    else:
        yield Finding(
            "Way in",
            "nothing that staff press would arrive: set BELLWETHER_SLACK_APP_TOKEN for Socket "
            "Mode, or BELLWETHER_SLACK_SIGNING_SECRET for requests to your own address",
            ok=False,
        )


def _address(settings: Settings) -> str:
    """Where the next socket may connect to."""
    token = settings.slack_app_token.get_secret_value()
    _refuse_kind("BELLWETHER_SLACK_APP_TOKEN", token, "xapp-", "“Basic Information”")
    with calling(repeatable=True):
        try:
            return said(connect(settings).apps_connections_open(app_token=token).get("url"))
        except SlackApiError as error:
            raise _meant(error) from None


def _meant(error: SlackApiError) -> Exception:
    match error.response.get("error"):
        case "missing_scope" | "not_allowed_token_type":
            return ConfigurationError(
                "The app token lacks connections:write: make a new one with it (“Basic "
                "Information”, “App-Level Tokens”) and set BELLWETHER_SLACK_APP_TOKEN."
            )
        case "invalid_auth" | "not_authed" | "token_revoked" | "account_inactive":
            return ConfigurationError(
                "Slack does not know the app token: copy it again from “Basic Information”, "
                "“App-Level Tokens”, into BELLWETHER_SLACK_APP_TOKEN."
            )
        case "socket_mode_disabled" | "forbidden_team":
            return ConfigurationError(
                "Socket Mode is switched off: switch it on on the app's page “Socket Mode”."
            )
        case _:
            return error


def _signed(settings: Settings) -> str:
    """What came back from our own address when asked as Slack asks."""
    challenge = secrets.token_hex(16)
    body = f'{{"type":"url_verification","challenge":"{challenge}"}}'
    stamp = str(int(time.time()))
    secret = settings.slack_signing_secret.get_secret_value()
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": SignatureVerifier(secret).generate_signature(
            timestamp=stamp, body=body
        )
        or "",
    }
    address = f"{settings.public_url.rstrip('/')}{EVENTS_PATH}"
    if not address.startswith(("http://", "https://")):
        raise ConfigurationError("BELLWETHER_PUBLIC_URL is no address: it begins with https://.")
    request = urllib.request.Request(address, body.encode(), headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            right = challenge in answer.read(1000).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.UNAUTHORIZED:
            raise ConfigurationError(
                f"{address} refuses what is signed with it: after a change of "
                "BELLWETHER_SLACK_SIGNING_SECRET, start `bellwether serve` again."
            ) from None
        raise ConfigurationError(
            f"{address} answers with {error.code}: let the proxy hand {EVENTS_PATH} to Bellwether."
        ) from None
    except OSError:
        return f"set; {address} does not answer yet: run this again while `bellwether serve` runs"
    if not right:
        raise ConfigurationError(
            f"Something else answers at {address}: let the proxy hand {EVENTS_PATH} to Bellwether."
        )
    return f"{address} takes what is signed with it"


def probe(settings: Settings, external_id: str) -> Iterator[Finding]:
    """A message goes to that person and is read back; the socket greets, where one is used."""
    if not settings.slack_bot_token.get_secret_value():
        yield Finding("Probe", "Slack is not set up: there is nothing to send by", ok=False)
        return
    if settings.slack_app_token.get_secret_value():
        yield found("Greeting", lambda: _greeted(settings))
    yield found("Probe", lambda: _sent(settings, external_id))


def _greeted(settings: Settings) -> str:
    told = greeting(_address(settings))
    return f"Slack greets on the socket; with this look it counts {told.get('num_connections')}"


def _sent(settings: Settings, external_id: str) -> str:
    database = database_of(settings)
    try:
        require_current(database)
        return _sent_by(settings, database, external_id)
    finally:
        database.close()


def _sent_by(settings: Settings, database: Database, external_id: str) -> str:
    with database.read() as connection:
        person = directory.person_by_external_id(connection, external_id)
    if person.slack_id is None:
        raise StateError(
            "This person has no Slack account in the directory: run `bellwether people sync slack`."
        )
    _take_slots(settings, database)
    text = say(person.language, "A test by whoever runs Bellwether here. Nothing to do for you.")
    key = f"probe{secrets.token_hex(12)}"
    keys = settings.secret_key.get_secret_value().split(",")
    tokens = Tokens(keys, settings.token_days, system_now)
    messenger = SlackMessenger(connect(settings), database, tokens, {})
    messenger.send(person, Message(key, text, person.language, (Text(text),)))
    if messenger.find(person, key) is None:
        raise StateError(
            "The message was sent and can't be found again by its metadata: after a broken line "
            f"Bellwether could not tell what arrived. Check the scope im:history: {_REINSTALL}."
        )
    return "a message was sent to this person and found again; ask whether they see it"


def _take_slots(settings: Settings, database: Database) -> None:
    """The probe counts like all else that goes out, so that nothing is sent faster for it."""
    limits, now = lanes(settings), system_now()
    with database.write() as connection:
        wanted = [limits[act] for act in PROBES if act in limits]
        if not all(taken.take(connection, lane, Kind.ALERT, now) for lane in wanted):
            raise StateError(
                "As many messages as Slack takes are on their way just now: run this again in a "
                "minute."
            )


def found(subject: str, look_at: Callable[[], str]) -> Finding:
    """What was found, or what is wrong."""
    try:
        return Finding(subject, look_at())
    except BellwetherError as error:
        return Finding(subject, _told(error), ok=False)


def _told(error: Exception) -> str:
    if isinstance(error, PlatformClosedError) or not isinstance(error, DeliveryError):
        return str(error)
    if isinstance(error, FinalDeliveryError):
        return f"{error} Is the account still active? `bellwether people sync slack` looks."
    return (
        f"{error} Try again in a minute; if it stays, check BELLWETHER_SLACK_API_URL, the way out "
        "to it (proxy, firewall) and status.slack.com."
    )
