"""Days and times as a reader writes them, in their own time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from campaigns.domain.wording import nearest

_LOCALES = {"en": "en_GB"}


def local_moment(moment: datetime, time_zone: str, language: str) -> str:
    """Such as `Tue 12 Jan, 10:00`, by the clock on that wall."""
    return _format(moment, "EEE d MMM, HH:mm", time_zone, language)


def local_day(moment: datetime, time_zone: str, language: str) -> str:
    """Such as `Tuesday 12 January 2027`."""
    return _format(moment, "EEEE d MMMM y", time_zone, language)


def _format(moment: datetime, pattern: str, time_zone: str, language: str) -> str:
    ours = nearest(language)
    local = moment.astimezone(ZoneInfo(time_zone))
    return format_datetime(local, pattern, locale=_LOCALES.get(ours, ours))
