"""The web server in a thread of its own, so that a replay or the engine can run beside it, and how
the main thread hears that all shall end."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from waitress.server import create_server

from campaigns.errors import ConfigurationError

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8  # a page takes milliseconds; eight let a slow phone read at its leisure


class WebServer:
    """Waitress around the pages. Raises ConfigurationError where the port is taken."""

    def __init__(self, app: "WSGIApplication", host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError:
            raise ConfigurationError(
                f"Port {port} on {host} can't be used: set BELLWETHER_PORT to a free one, and "
                "BELLWETHER_HOST to an address of this machine."
            ) from None
        self.port: int = listening.getsockname()[1]
        self._server = create_server(app, sockets=[listening], threads=THREADS, ident="")
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Pages are answered from now on."""
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has stopped."""
        while self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def stop(self) -> None:
        """No page is answered any more."""
        # Answers under way are finished first, so that none is left with an open file in its hands.
        self._server.task_dispatcher.shutdown()
        # Closed from within its own loop: a socket closed under a waiting select is an error there.
        self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(timeout=5.0)

    def _close_all(self) -> None:
        for one in list(self._server._map.values()):
            # `handle_close` also lets go of what waits to be sent; the server's own only complains.
            one.close() if one is self._server else one.handle_close()


@contextmanager
def told_to_stop() -> Iterator[Callable[[], object]]:
    """Gives what returns once SIGTERM or Ctrl-C came, however early; for the main thread alone.

    The system may hand a signal to any thread, and then nothing wakes a main thread that waits for
    a lock. A byte in a pipe wakes whoever reads it.
    """
    told, telling = socket.socketpair()
    telling.setblocking(False)
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: None) for number in signals]
    usual = signal.set_wakeup_fd(telling.fileno())
    try:
        yield lambda: told.recv(1)
    finally:
        signal.set_wakeup_fd(usual)
        told.close()
        telling.close()
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
