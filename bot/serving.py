"""The web server in a thread of its own, so that a replay or the engine can run beside it."""

import errno
import threading
from typing import TYPE_CHECKING

from waitress.server import create_server

from campaigns.errors import ConfigurationError

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8  # a page takes milliseconds; eight let a slow phone read at its leisure


class WebServer:
    """Waitress around the pages. Raises ConfigurationError where the port is taken."""

    def __init__(self, app: "Flask", host: str, port: int) -> None:
        try:
            self._server = create_server(app, host=host, port=port, threads=THREADS, ident="")
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            raise ConfigurationError(
                f"Port {port} on {host} can't be used: set BELLWETHER_PORT to a free one."
            ) from None
        self.port: int = self._server.effective_port
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
        self._server.close()
        self._thread.join(timeout=5.0)
