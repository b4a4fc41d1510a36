"""`bellwether serve`: pages, chats, clock and workers in one process, until told to stop."""

from rich.console import Console


def serve() -> None:
    """Answer pages, send what is due, read answers and watch teams, until stopped."""
    from bot import logs
    from bot.serving import WebServer, told_to_stop
    from bot.settings import Settings
    from bot.web.app import create_app
    from bot.wiring import build
    from campaigns.engine.clock import Engine
    from campaigns.flows.auditing import note_settings
    from campaigns.storage.schema import require_current, require_writable

    settings = Settings.load()
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
