import gc
import signal
import socket
import threading
import urllib.request
import warnings
from pathlib import Path

import pytest
from flask import Flask, send_file

from bot.serving import WebServer, told_to_stop
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


def tell(number: int) -> None:
    """Send this thread itself a signal, as the system may choose to do."""
    signal.pthread_kill(threading.get_ident(), number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_whichever_thread_the_system_tells(number: int) -> None:
    with told_to_stop() as wait:
        threading.Timer(0.2, tell, [number]).start()
        assert wait() == bytes([number])


def test_a_signal_before_anybody_waits_is_not_lost() -> None:
    with told_to_stop() as wait:
        tell(signal.SIGTERM)
        assert wait() == bytes([signal.SIGTERM])


def test_signals_mean_what_they_meant_once_nobody_waits() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with told_to_stop():
        pass
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
