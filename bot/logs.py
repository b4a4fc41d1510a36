"""Plain lines on the error stream: when, how bad, where, what, which ids.

A log must never hold what somebody wrote. So an exception is its type and the places in our code
that it went through, never its message and never a variable; extra fields are numbers, or short
names from a fixed list; and what nobody caught goes the same way instead of into a traceback.
"""

import logging
import re
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

OURS = ("bot", "campaigns", "sentiment")
_NAMES = frozenset({"campaign", "kind", "state", "code", "actor", "model", "delivery_key", "page"})
_NAME = re.compile(r"[A-Za-z0-9_.:/ -]{1,80}")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """One record, one line, no words."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [moment, record.levelname.lower(), record.name, _one_line(_message(record))]
        parts += [f"{name}={value}" for name, value in _fields(record)]
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(f"error={described(record.exc_info[1])}")
        return " ".join(parts)


def set_up(stream: TextIO | None = None) -> None:
    """From now on every log line has this form; a second call changes nothing but the stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.set_name("bellwether")
    handler.setFormatter(Lines())
    root = logging.getLogger()
    for old in [each for each in root.handlers if each.get_name() == "bellwether"]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.INFO)
    logging.raiseExceptions = False  # a line that can't be formatted must not print its arguments
    sys.excepthook = _uncaught
    threading.excepthook = lambda hook: _uncaught(hook.exc_type, hook.exc_value, hook.exc_traceback)


def described(error: BaseException) -> str:
    """The error's type and the way it took through our code: `KeyError@campaigns.flows.x:12`.

    What it was raised from follows after `<`.
    """
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        chain.append(f"{type(current).__name__}@{_way(current.__traceback__)}")
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return "<".join(chain)


def _way(trace: TracebackType | None) -> str:
    places = []
    last = "?"
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        last = f"{module}:{trace.tb_lineno}"
        if module.partition(".")[0] in OURS:
            places.append(last)
        trace = trace.tb_next
    return ">".join(places[-4:]) or last


def _message(record: logging.LogRecord) -> str:
    if isinstance(record.args, tuple):
        record.args = tuple(
            described(each) if isinstance(each, BaseException) else each for each in record.args
        )
    message = record.msg
    if isinstance(message, BaseException):
        return described(message)
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(message)


def _fields(record: logging.LogRecord) -> list[tuple[str, object]]:
    extra = [(k, v) for k, v in vars(record).items() if k not in _STANDARD and k[0] != "_"]
    return [(name, value) for name, value in extra if _may_be_shown(name, value)]


def _may_be_shown(name: str, value: object) -> bool:
    if isinstance(value, int | float):
        return True
    return name in _NAMES and isinstance(value, str) and bool(_NAME.fullmatch(value))


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _uncaught(
    kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None
) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("bot").critical("stopped unexpectedly", exc_info=error)
