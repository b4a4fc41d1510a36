"""`bellwether serve`: pages, chats, clock and workers in one process, until told to stop."""

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from bot.settings import Settings


def serve() -> None:
    """Answer pages, send what is due, read answers and watch teams, until stopped."""
    from bot.settings import Settings

    _serve(Settings.load())  # what is wrong there is told before anything else is loaded


def _serve(settings: "Settings") -> None:
    from bot import logs
    from bot.serving import WebServer, told_to_stop
    from bot.web.app import create_app
    from bot.wiring import build
    from campaigns.engine.clock import Engine
    from campaigns.flows.auditing import note_settings
    from campaigns.storage.schema import require_current, require_writable

    logs.set_up()
    application = build(settings)
    require_current(application.database)
    require_writable(application.database)
    note_settings(application.database, settings.values(), application.now())
    server = WebServer(application.listening(create_app(application)), settings.host, settings.port)
    engine = Engine(application.work, settings.tick_seconds)
    with told_to_stop() as wait:
        server.start()
        engine.start()
        if application.slack:
            application.slack.start()
        Console(stderr=True).print(f"Bellwether listens on http://{settings.host}:{server.port}")
        wait()
        if application.slack:
            application.slack.stop()
        server.stop()
        engine.stop()
        application.close()
