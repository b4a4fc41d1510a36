"""What the dashboard says of the time to come, in words; it fetches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date

from campaigns.domain.bad_moments import BadMoment
from campaigns.domain.definition import Definition, pick

_LOCALE = "en_GB"


@dataclass(frozen=True)
class MoveLine:
    """A touchpoint that comes at a bad moment: its title in the campaign's first language."""

    title: str
    day: str
    why: str
    better: str


def move_lines(definition: Definition, moments: Sequence[BadMoment]) -> list[MoveLine]:
    """Each moment in words, in the order given."""
    language = definition.default_language
    return [
        MoveLine(
            pick(definition.touchpoint(one.touchpoint).title, language, language),
            format_date(one.on, "EEEE, d MMMM y", locale=_LOCALE),
            ", and ".join(one.whys),
            format_date(one.better, "EEEE, d MMMM", locale=_LOCALE) if one.better else "",
        )
        for one in moments
    ]
