"""The libraries' own log lines, without what they quote: a payload may hold what somebody typed."""

import logging

from bot.logs import described


class _Hush(logging.Filter):
    """Leaves of a line where it was written and the kind of the error."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always kept, always rewritten."""
        error = record.exc_info[1] if record.exc_info else None
        place = f"{record.module}:{record.lineno}"
        record.msg, record.args = "The Slack library reports from %s", (place,)
        if error is not None:
            record.msg, record.args = f"{record.msg}: %s", (place, described(error))
        record.exc_info = record.exc_text = None
        return True


def hushed() -> logging.Logger:
    """The logger for everything of Slack's libraries: warnings and worse, by place and kind."""
    logger = logging.getLogger("bot.slack.library")
    if not logger.filters:
        logger.addFilter(_Hush())
        logger.setLevel(logging.WARNING)
    return logger
