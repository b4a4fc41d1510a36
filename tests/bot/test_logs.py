"""A log line tells where it went wrong and never what somebody wrote."""

import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from bot import logs

WORDS = "I dread the new portal"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged from here on."""
    stream = io.StringIO()
    hooks = sys.excepthook, threading.excepthook, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in ("", *logs.OURS)}
    logs.set_up(stream)
    yield stream
    root = logging.getLogger()
    for handler in [each for each in root.handlers if each.get_name() == "bellwether"]:
        root.removeHandler(handler)
    sys.excepthook, threading.excepthook, logging.raiseExceptions = hooks
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _fails_with_words() -> None:
    answer = WORDS
    try:
        raise KeyError(answer)
    except KeyError as error:
        raise ValueError(f"can't read {answer}") from error


def test_log_names_type_and_place_when_an_exception_holds_words(lines: io.StringIO) -> None:
    try:
        _fails_with_words()
    except ValueError:
        logging.getLogger("campaigns.flows").exception("scoring failed", extra={"answer_id": 17})
    line = lines.getvalue()
    assert "scoring failed answer_id=17 error=ValueError@" in line
    assert "<KeyError@" in line
    assert "dread" not in line
    assert "Traceback" not in line
    assert line.count("\n") == 1


def test_log_shows_a_type_only_when_an_exception_is_an_argument(lines: io.StringIO) -> None:
    logging.getLogger("waitress").error("failed: %s", ValueError(WORDS))
    logging.getLogger("waitress").error(ValueError(WORDS))
    assert "dread" not in lines.getvalue()
    assert lines.getvalue().count("ValueError@") == 2


def test_log_keeps_numbers_and_known_names_and_drops_other_fields(lines: io.StringIO) -> None:
    extra = {"delivery_id": 4, "kind": "pulse", "text": WORDS, "campaign": f"{WORDS}!" * 9}
    logging.getLogger("bot").info("sent", extra=extra)
    assert lines.getvalue().endswith(" info bot sent delivery_id=4 kind=pulse\n")


def test_log_stays_one_line_when_a_message_has_line_breaks(lines: io.StringIO) -> None:
    logging.getLogger("bot").info("one\n2027-01-01 critical bot two\x1b[31m")
    assert lines.getvalue().count("\n") == 1
    assert "\x1b" not in lines.getvalue()


def test_log_does_not_print_arguments_when_they_do_not_fit(lines: io.StringIO) -> None:
    logging.getLogger("bot").info("%d answers", WORDS)
    assert "dread" not in lines.getvalue()


def test_log_leaves_out_chatter_of_libraries(lines: io.StringIO) -> None:
    logging.getLogger("apscheduler").info("tick")
    logging.getLogger("campaigns").info("launched")
    assert "tick" not in lines.getvalue()
    assert "launched" in lines.getvalue()


def test_log_takes_what_nobody_caught_in_a_thread(lines: io.StringIO) -> None:
    thread = threading.Thread(target=_fails_with_words)
    thread.start()
    thread.join()
    assert "stopped unexpectedly error=ValueError@" in lines.getvalue()
    assert "dread" not in lines.getvalue()


def test_log_takes_what_nobody_caught_in_the_main_thread(
    lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        _fails_with_words()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert "ValueError@" in lines.getvalue()
    assert "dread" not in lines.getvalue() + capsys.readouterr().err


def test_set_up_writes_each_line_once_when_called_twice(lines: io.StringIO) -> None:
    logs.set_up(lines)
    logging.getLogger("bot").info("once")
    assert lines.getvalue().count("once") == 1
