import gc
import socket
import urllib.request
import warnings
from pathlib import Path

import pytest
from flask import Flask, send_file

from bot.serving import WebServer
from campaigns.errors import ConfigurationError


def _pages() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "here")
    return app


def test_server_answers_until_it_is_stopped(caplog: pytest.LogCaptureFixture) -> None:
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
    assert not [one for one in caplog.records if one.name != "waitress.queue"]  # it was busy


def test_server_names_the_setting_when_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match="BELLWETHER_PORT"):
            WebServer(_pages(), "127.0.0.1", port)


def test_server_names_the_setting_when_the_host_is_not_ours() -> None:
    with pytest.raises(ConfigurationError, match="BELLWETHER_HOST"):
        WebServer(_pages(), "192.0.2.1", 0)


def test_server_lets_go_of_a_file_that_nobody_fetched(tmp_path: Path) -> None:
    app, file = Flask(__name__), tmp_path / "large.bin"
    file.write_bytes(b"x" * 20_000_000)
    app.add_url_rule("/", view_func=lambda: send_file(file))
    server = WebServer(app, "127.0.0.1", 0)
    server.start()
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert line.recv(100)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            server.stop()
            del server
            gc.collect()
