"""How soon a burst of taps in Slack is acknowledged, and whether each of them becomes an answer.

    python bench/slack_taps.py [taps] [database address]

Everybody has a pulse before them and presses at the same moment. Bellwether runs in a process of
its own, the test server in this one. After three seconds Slack shows an error to whoever pressed.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import func, select, update

from bot.settings import Settings
from bot.wiring import build
from campaigns.domain.outbox import State
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, metadata, people
from tests.scene import Scene
from tests.slack_server import Member, Sent, SlackServer

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)  # a working day, whenever this runs
ERROR_SECONDS, PATIENCE_SECONDS = 3.0, 30.0
FIRST_ANSWER = "4"  # of the scale that the pulse begins with


def main() -> None:
    """Fill, press, and print the table."""
    n_taps = int(sys.argv[1]) if len(sys.argv) > 1 else 1_500
    members = [Member(f"U{number:06d}") for number in range(n_taps)]
    with tempfile.TemporaryDirectory() as folder, SlackServer(members) as slack:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/bench.db"
        settings = settings_for(slack, url)
        database = Database(url)
        ask(database, settings, members)
        with_app(settings, lambda: show(slack, database, members), slack)
        database.close()


def settings_for(slack: SlackServer, url: str) -> dict[str, str]:
    """What the other process needs to know."""
    return {
        "database_url": url,
        "secret_key": "bench " * 8,
        "data_keys": Fernet.generate_key().decode(),
        "slack_bot_token": slack.tokens.bot,
        "slack_app_token": slack.tokens.app,
        "slack_api_url": slack.api_url,
    }


def application_settings(values: dict[str, str]) -> Settings:
    """The same as settings; nothing comes from the folder's own."""
    secret = ("secret_key", "data_keys", "slack_bot_token", "slack_app_token")
    given: dict[str, Any] = {"slack_messages_per_minute": 0, "_env_file": None}
    given |= {key: SecretStr(one) if key in secret else one for key, one in values.items()}
    return Settings(**given)


def ask(database: Database, values: dict[str, str], members: list[Member]) -> None:
    """Each member has a pulse in the chat."""
    metadata.drop_all(database.engine)
    metadata.create_all(database.engine)
    scene = Scene(database, NOW)
    for member in members:
        person = scene.person(member.id)
        scene.pulse(person, state=State.PENDING, once=member.id)
    with database.write() as connection:
        connection.execute(update(people).values(slack_id=people.c.external_id))
    here = build(application_settings(values), lambda: NOW)
    while deliver_due(database, here.messenger, compose, NOW):
        pass
    here.close()


def with_app(values: dict[str, str], then: Callable[[], None], slack: SlackServer) -> None:
    """Does it while Bellwether listens in a process of its own."""
    processes = get_context("spawn")
    ours, theirs = processes.Pipe()
    child = processes.Process(target=listen, args=(values, theirs))
    child.start()
    try:
        slack.until(lambda: bool(slack.sockets.connections), seconds=60)
        then()
    finally:
        ours.send("that is all")
        child.join()


def listen(values: dict[str, str], line: Connection) -> None:
    """Bellwether, as far as it listens to Slack."""
    here = build(application_settings(values), lambda: NOW)
    assert here.slack is not None
    here.slack.start()
    with suppress(EOFError):  # the other process broke off
        line.recv()
    here.slack.stop()
    here.close()


def show(slack: SlackServer, database: Database, members: list[Member]) -> None:
    """Everybody presses; the table."""
    shown = {one.id: slack.messages(one.id)[0] for one in members}
    buttons = {key: answer_button(message.blocks) for key, message in shown.items()}
    began = time.perf_counter()
    taps = [
        slack.tap(member.id, shown[member.id], buttons[member.id], wait=False) for member in members
    ]
    sent_in = time.perf_counter() - began
    for tap in taps:
        tap.wait(PATIENCE_SECONDS)
    stored_in = until_stored(database, len(members), began)
    report(taps, sent_in, stored_in, stored(database))


def answer_button(blocks: list[dict[str, object]]) -> str:
    """The action id of the answer that everybody gives."""
    for block in blocks:
        elements = block.get("elements")
        for one in elements if isinstance(elements, list) else []:
            if one.get("text", {}) and str(one["text"]).find(FIRST_ANSWER) >= 0:
                return str(one["action_id"])
    raise LookupError("The pulse shows no such answer.")


def stored(database: Database) -> int:
    """How many answers there are."""
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(answers)).scalar_one()


def until_stored(database: Database, n_answers: int, began: float) -> float:
    """Seconds until all answers were there, or none came for a while."""
    newest_at, before = time.perf_counter(), -1
    while (now := stored(database)) < n_answers:
        if now > before:
            newest_at, before = time.perf_counter(), now
        if time.perf_counter() - newest_at > PATIENCE_SECONDS:
            break
        time.sleep(0.05)
    return time.perf_counter() - began


def report(taps: list[Sent], sent_in: float, stored_in: float, n_stored: int) -> None:
    """Prints the table."""
    seconds = sorted(tap.seconds for tap in taps if tap.seconds is not None)
    late = len(taps) - sum(second <= ERROR_SECONDS for second in seconds)
    heads = ("p50 ms", "p95 ms", "max ms", "late", "lost", "all stored s")
    print(f"{'taps':>8}" + "".join(f"{head:>13}" for head in heads))
    p50, p95 = quantiles(seconds, n=20)[9], quantiles(seconds, n=20)[18]
    milliseconds = "".join(f"{1_000 * one:>13.0f}" for one in (p50, p95, seconds[-1]))
    lost = len(taps) - n_stored
    print(f"{len(taps):>8}{milliseconds}{late:>13}{lost:>13}{stored_in:>13.1f}")
    print(f"{len(taps)} taps were sent within {sent_in:.1f} s.")


if __name__ == "__main__":
    main()
