import socket
import urllib.request
import warnings

import pytest
from flask import Flask

from bot.serving import WebServer
from campaigns.errors import ConfigurationError


def _pages() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "here")
    return app


def test_server_answers_until_it_is_stopped() -> None:
    for _ in range(5):
        server = WebServer(_pages(), "127.0.0.1", 0)
        server.start()
        address = f"http://127.0.0.1:{server.port}/"
        with urllib.request.urlopen(address, timeout=10) as response:
            assert response.read() == b"here"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            server.stop()
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(address, timeout=10)


def test_server_names_the_setting_when_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match="BELLWETHER_PORT"):
            WebServer(_pages(), "127.0.0.1", port)


def test_server_names_the_setting_when_the_host_is_not_ours() -> None:
    with pytest.raises(ConfigurationError, match="BELLWETHER_HOST"):
        WebServer(_pages(), "192.0.2.1", 0)
