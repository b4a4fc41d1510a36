"""`make demo-slack`: the invented agency of `make demo`, as seven of its people see it in Slack.

Eight weeks pass in the browser chat. Then the seven are joined with their accounts on the test
server, and the next messages reach them there, by the Web API and Socket Mode like any others.
Time stands still but for the visitor's steps; the rest of the agency goes on answering meanwhile.
"""

import argparse
import csv
import io
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from rich.console import Console

from bot.commands.demo import DEMO_FOLDER, LAUNCHED_AT, SEED, WEEKS
from bot.demo.cast import Cast
from bot.replaying import Replay, Row
from bot.serving import WebServer
from bot.settings import Settings
from bot.slack.client import connect
from bot.slack.directory import Reader, Roll
from bot.stage import Stage, settings_for
from campaigns.domain.reading import read
from campaigns.engine.clock import Engine
from campaigns.errors import BellwetherError
from campaigns.flows import syncing
from campaigns.flows.enrolling import import_people
from campaigns.flows.planning import launch
from campaigns.storage import directory
from tests.slack.window import Onlooker, create_window
from tests.slack_server import Member, SlackServer

JOINED_AFTER = 8  # weeks: that day brings a vision message and an alert, the next one a pulse
LOOK = timedelta(days=1, hours=3)  # from that Monday morning until the pulse is there
COMMS = "P0346"
# Who is in Slack: id in the staff file → what there is to see; the language is that of their Slack.
SEEN_BY = {
    "P0094": ("Works at the counter, in a team that has its doubts", "en-US"),
    "P0091": ("Works beside her, and reads German", "de-DE"),
    "P0061": ("Works on planning permits, and reads French", "fr-FR"),
    "P0163": ("Change agent who has just been told about a team", "en-GB"),
    "P0298": ("Change agent with an alert two weeks old", "en-US"),
    "P0323": ("Change agent to hand something over to", "en-US"),
    COMMS: ("Leads the comms team, and can stop the campaign", "en-US"),
}


@dataclass(frozen=True)
class Demo:
    """What the window looks into: the server, the people to be, and time."""

    slack: SlackServer
    stage: Stage
    people: tuple[Onlooker, ...]
    replay: Replay
    moving: threading.Lock

    def now(self) -> datetime:
        """The simulated moment."""
        return self.stage.clock.now()

    def wait_for(self, time: timedelta) -> None:
        """So much time has passed, and everything has happened that was due."""
        with self.moving:
            self.replay.run([], self.now() + time, lambda _: None)
            for job in self.stage.application.work.jobs.values():
                while job():
                    pass


@contextmanager
def agency_in_slack(weeks: int, console: Console) -> Iterator[Demo]:
    """The agency after so many weeks, its people in Slack; everything is stopped at the end."""
    staff = (DEMO_FOLDER / "staff.csv").read_bytes()
    listed = {one["id"]: one for one in csv.DictReader(io.StringIO(staff.decode()))}
    people = tuple(_onlooker(listed[name], *seen) for name, seen in SEEN_BY.items())
    members = [_member(listed[name], locale) for name, (_, locale) in SEEN_BY.items()]
    with SlackServer(members) as slack, ExitStack() as ending:
        stage = Stage(_settings(slack, listed[COMMS]["email"]), LAUNCHED_AT)
        ending.callback(stage.close)
        slack.clock.follow(lambda: stage.clock.now().timestamp())
        later = _live(stage, staff, weeks, console)
        chat, work = stage.application.slack, stage.application.work
        assert chat is not None
        chat.start()
        ending.callback(chat.stop)
        slack.connected()
        _join(stage)
        replay = Replay(
            stage.application.database, work, stage.application.conversation, stage.clock
        )
        replay.run(later, stage.clock.now() + LOOK, lambda _: None)
        engine = Engine(work, stage.application.settings.tick_seconds)
        engine.start()
        ending.callback(engine.stop)
        yield Demo(slack, stage, people, replay, threading.Lock())


def _onlooker(listed: Mapping[str, str], told: str, locale: str) -> Onlooker:
    return Onlooker(
        listed["chat_id"], listed["name"], listed["team"], told, listed["time_zone"], locale
    )


def _member(listed: Mapping[str, str], locale: str) -> Member:
    return Member(
        listed["chat_id"],
        listed["name"],
        listed["email"],
        listed["time_zone"],
        locale,
        listed["role"].capitalize(),
    )


def _settings(slack: SlackServer, comms_team: str) -> Settings:
    changes = {
        "comms_team": comms_team,
        "slack_bot_token": SecretStr(slack.tokens.bot),
        "slack_app_token": SecretStr(slack.tokens.app),
        "slack_signing_secret": SecretStr(""),
        "slack_api_url": slack.api_url,
        "slack_profiles": "use",
        "slack_messages_per_minute": 0,  # while time stands still, no minute ever passes
        "slack_processes": 1,
    }
    return settings_for("demo-slack", 0).model_copy(update=changes)


def _live(stage: Stage, staff: bytes, weeks: int, console: Console) -> list[Row]:
    """So many weeks in the browser chat have passed; gives what people answer after that."""
    database = stage.application.database
    import_people(database, staff, dry_run=False, skip_bad=False)
    definition = read((DEMO_FOLDER / "campaign.yaml").read_text(encoding="utf-8"), "campaign.yaml")
    launch(database, definition, LAUNCHED_AT)
    if not weeks:
        return []
    with database.read() as connection:
        people = list(directory.everyone(connection))
        teams = {team.id: team.name for team in directory.tree(connection).teams.values()}
    rows = list(Cast(people, teams, SEED).rows(LAUNCHED_AT, WEEKS))
    until = LAUNCHED_AT + timedelta(weeks=weeks)
    stage.live_through((row for row in rows if row.at < until), until, 0, console)
    return [row for row in rows if row.at >= until]


def _join(stage: Stage) -> None:
    """What `bellwether people sync slack` does."""
    reader = Reader(connect(stage.application.settings))
    with Roll() as roll:
        roll.take(reader.users(reader.home()))
        syncing.sync(
            stage.application.database,
            roll,
            reader.groups((), ()),
            profiles=True,
            dry_run=False,
            allow_mass_parting=False,
        )


def main() -> None:
    """The demo until the keyboard says stop."""
    asked = argparse.ArgumentParser(prog="make demo-slack", description=__doc__)
    asked.add_argument("--weeks", type=int, default=JOINED_AFTER, choices=range(WEEKS))
    asked.add_argument("--port", type=int, default=None, help="of the window; 0: any")
    given = asked.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        show(given.weeks, given.port)
    except KeyboardInterrupt:
        Console().print("The demo has ended.")
    except BellwetherError as error:
        raise SystemExit(str(error)) from None


def show(weeks: int, port: int | None) -> None:
    """The window is open until somebody interrupts."""
    console, loaded = Console(), Settings.load()
    console.print(f"{weeks} weeks pass first, in a minute or two.")
    with agency_in_slack(weeks, console) as demo:
        app, port = create_window(demo), loaded.port if port is None else port
        window = WebServer(app, loaded.host, port)
        window.start()
        console.print(
            f"Open http://{loaded.host}:{window.port} and be one of {len(demo.people)} people: "
            "read what came, answer, take an alert. Ctrl-C ends it."
        )
        try:
            window.wait()
        finally:
            window.stop()


if __name__ == "__main__":
    main()
