"""A stage for replays: a fresh database, a simulated clock, pages that answer from the start."""

import secrets
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot import logs
from bot.clocks import SimulatedClock
from bot.replaying import Progress as Played
from bot.replaying import Replay, Row
from bot.serving import WebServer
from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Application, build
from campaigns.engine.clock import Engine
from campaigns.storage.schema import migrate
from sentiment.card import DEFAULT, SMALL

FOLDER = Path("var")


def settings_for(name: str, port: int | None) -> Settings:
    """Settings for a database of its own under `var/`, emptied, with secrets of this run alone."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob(f"{name}.db*"):
        old.unlink()
    loaded = Settings.load()
    return Settings(
        environment="demo",
        database_url=f"sqlite:///{FOLDER / name}.db",
        secret_key=SecretStr(secrets.token_urlsafe(32)),
        data_keys=SecretStr(Fernet.generate_key().decode()),
        console_password=SecretStr(secrets.token_urlsafe(12)),
        host=loaded.host,
        port=loaded.port if port is None else port,
        # Weeks of answers in minutes are for the fast model, unless another one was chosen.
        model=SMALL if loaded.model == DEFAULT else loaded.model,
    )


class Stage:
    """An application in simulated time, with its pages already up."""

    def __init__(self, settings: Settings, starts_at: datetime) -> None:
        logs.set_up()
        self.clock = SimulatedClock(starts_at)
        self.starts_at = starts_at
        migrate(settings.database_url)
        self.application: Application = build(settings, self.clock.now)
        self.server = WebServer(create_app(self.application), settings.host, settings.port)
        self.server.start()
        self.address = f"http://{settings.host}:{self.server.port}"

    def live_through(
        self,
        rows: Iterable[Row],
        until: datetime,
        seconds: float,
        console: Console,
        beside: Callable[[datetime], None] = lambda _: None,
    ) -> Played:
        """Everything up to `until` has happened, spread over about so many real seconds.

        `beside` is called at each step for what else people do.
        """
        application = self.application
        replay = Replay(
            application.database, application.work, application.conversation, self.clock
        )
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            pace = self._pace(until, seconds, bar)

            def after(played: Played) -> None:
                beside(played.now)
                pace(played)

            return replay.run(rows, until, after)

    def _pace(self, until: datetime, seconds: float, bar: Progress) -> Callable[[Played], None]:
        began, task = time.monotonic(), bar.add_task("Week 1", total=1.0)
        weeks = (until - self.starts_at).days // 7

        def pace(played: Played) -> None:
            done = (played.now - self.starts_at) / (until - self.starts_at)
            week = min(weeks, (played.now - self.starts_at).days // 7 + 1)
            text = f"Week {week} of {weeks}, {played.played} people's answers"
            bar.update(task, completed=done, description=text)
            time.sleep(max(0.0, done * seconds - (time.monotonic() - began)))

        return pace

    def stay_open(self) -> None:
        """Go on in real time until the keyboard says stop."""
        self.clock.let_go()
        engine = Engine(self.application.work, self.application.settings.tick_seconds)
        engine.start()
        try:
            self.server.wait()
        except KeyboardInterrupt:
            pass
        finally:
            engine.stop()
            self.close()

    def close(self) -> None:
        self.server.stop()
        self.application.close()
