"""`bellwether migrate`, `doctor` and `secrets`: what whoever runs the service needs.

`doctor` changes nothing and shows no secret; each of its lines says how to mend what it found.
"""

from __future__ import annotations

import http.client
import secrets as randomness
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.findings import Finding
from campaigns.errors import BellwetherError, ConfigurationError
from sentiment.errors import SentimentError

if TYPE_CHECKING:
    from bot.settings import Settings
    from campaigns.storage.database import Database

_SECRETS = ("secret_key", "data_keys", "console_password")
_ANSWER_SECONDS = 2.0


def migrate() -> None:
    """Bring the database to what this version needs; safe to run twice, or in two places."""
    from bot.settings import Settings
    from campaigns.storage import schema

    changed = schema.migrate(Settings.load().database_url)
    step = schema.newest()
    typer.echo(
        f"The database is ready (step {step})."
        if changed
        else f"The database was ready already (step {step}): nothing changed."
    )


def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Leave out loading the model.")] = False,
    probe: Annotated[
        str,
        typer.Option("--probe", metavar="ID", help="Send a test message to this person in Slack."),
    ] = "",
) -> None:
    """Look at everything that has to be right before `serve`, and say how to mend what is not."""
    console = Console(highlight=False)
    findings = []
    for finding in _look(quick, probe):
        findings.append(finding)
        _tell(console, finding)
    bad = sum(not finding.ok for finding in findings)
    if bad:
        console.print(f"\n{bad} of {len(findings)} need mending.")
        raise typer.Exit(1)
    console.print("\nAll is well.")


def secrets() -> None:
    """Print fresh secrets as lines for a file named `.env`; they are stored nowhere."""
    from campaigns.storage.vault import new_key

    typer.echo(f"BELLWETHER_SECRET_KEY={randomness.token_urlsafe(48)}")
    typer.echo(f"BELLWETHER_DATA_KEYS={new_key()}")
    typer.echo(f"BELLWETHER_CONSOLE_PASSWORD={randomness.token_urlsafe(18)}")
    typer.echo(f"POSTGRES_PASSWORD={randomness.token_urlsafe(24)}")  # only compose.yaml reads it


def _look(quick: bool, probe: str) -> Iterator[Finding]:
    from bot.settings import Settings

    try:
        settings = Settings.load()
    except ConfigurationError as error:
        yield Finding("Settings", str(error), ok=False)
        return
    yield _settings(settings)
    yield _found("Data keys", lambda: _data_keys(settings))
    yield from _database(settings)
    yield from _slack(settings, probe)
    if not quick:
        yield _found("Model", lambda: _model(settings))
    yield _port(settings)


def _settings(settings: Settings) -> Finding:
    from bot.settings import PLACEHOLDER

    open_ones = [
        f"BELLWETHER_{name.upper()}"
        for name in _SECRETS
        if PLACEHOLDER in getattr(settings, name).get_secret_value()
    ]
    if not open_ones:
        return Finding("Settings", f"for {settings.environment}, no placeholder left")
    advice = f"{', '.join(open_ones)} not set: `bellwether secrets` prints fresh ones for `.env`"
    return Finding("Settings", advice, ok=settings.environment == "demo")


def _data_keys(settings: Settings) -> str:
    from campaigns.storage.vault import Vault

    keys = settings.data_keys.get_secret_value().split(",")
    vault = Vault(keys)
    if vault.decrypt(vault.encrypt("ready")) != "ready":
        raise ConfigurationError("BELLWETHER_DATA_KEYS does not give back what it took.")
    return f"{len(keys)} that can be read; the first is the one in use"


def _database(settings: Settings) -> Iterator[Finding]:
    from bot.databases import database_of
    from campaigns.storage import accounts, directory

    try:
        database = database_of(settings)
    except ConfigurationError as error:
        yield Finding("Database", str(error), ok=False)
        return
    ready = _found("Database", lambda: _at_head(database))
    yield ready
    if ready.ok:
        yield _found("Writing", lambda: _writable(database))
        with database.read() as connection:
            n_people = directory.count(connection)
            n_reached = accounts.n_reached(connection)
        yield Finding("Staff", _staff(n_people, n_reached, settings))
    database.close()


def _staff(n_people: int, n_reached: int, settings: Settings) -> str:
    if not n_people:
        return "nobody yet: `bellwether people import FILE`"
    if not settings.slack_bot_token.get_secret_value():
        return f"{n_people:,} people"
    advice = "" if n_reached else ": `bellwether people sync slack` joins them"
    return f"{n_people:,} people, {n_reached:,} of them known in Slack{advice}"


def _slack(settings: Settings, probe: str) -> Iterator[Finding]:
    from bot.slack import doctor as slack_doctor

    yield from slack_doctor.look(settings)
    if probe:
        yield from slack_doctor.probe(settings, probe)


def _at_head(database: Database) -> str:
    from campaigns.storage import schema

    schema.require_current(database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return f"{kind}, reached, at step {schema.newest()}"


def _writable(database: Database) -> str:
    from campaigns.storage.schema import require_writable

    require_writable(database)
    return "the database takes changes"


def _model(settings: Settings) -> str:
    from sentiment.scorer import TransformerScorer

    scorer = TransformerScorer.load(settings.model)
    score = scorer.score([("How do you feel about the change?", "The training helped me a lot.")])
    return f"{score[0].model}, its files are the ones it was trained with, and it reads"


def _port(settings: Settings) -> Finding:
    if _answers(settings):
        return Finding("Port", f"Bellwether answers on port {settings.port}")
    try:
        with socket.create_server((settings.host, settings.port)):
            return Finding("Port", f"{settings.port} on {settings.host} is free")
    except OSError as error:
        reason = f"{settings.port} on {settings.host} can't be used ({error.strerror})"
        return Finding("Port", f"{reason}: set BELLWETHER_PORT to a free one", ok=False)


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104
    line = http.client.HTTPConnection(host, settings.port, timeout=_ANSWER_SECONDS)
    try:
        line.request("GET", "/health/live")
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _found(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, look())
    except (BellwetherError, SentimentError) as error:
        return Finding(subject, str(error), ok=False)


def _tell(console: Console, finding: Finding) -> None:
    mark = Text("ok   ", style="green") if finding.ok else Text("WRONG ", style="bold red")
    console.print(mark, Text(f"{finding.subject}: {finding.message}"), sep="", soft_wrap=True)
