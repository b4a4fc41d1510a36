"""The bot's own words in each language, from gettext catalogues in `campaigns/locales`.

English sentences in the code are the keys, so the code reads as people will read it. A language or
a sentence without a translation comes out in English. What a campaign's authors write is not
translated here: their file has one text a language.
"""

import gettext
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_interval
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent.parent / "locales"
LANGUAGES = ("en", "de", "fr", "es")
# British English puts the day before the month, as the other three languages do.
_DATE_LOCALES = {"en": "en_GB"}


def nearest(language: str) -> str:
    """The language of ours that comes closest to a code such as `de-AT`; English if none does."""
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else "en"


def catalogue_path(language: str) -> Path:
    """Where the translations into one of `LANGUAGES` stand."""
    return LOCALES / language / "LC_MESSAGES" / "bellwether.po"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    with catalogue_path(language).open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def say(language: str, source: str, /, **values: object) -> str:
    """The English `source` in `language`, its `{names}` filled with `values`.

    Raises KeyError for a name without a value. Values go in as they are, braces and all.
    """
    return _catalogue(nearest(language)).gettext(source).format(**values)


def say_count(language: str, one: str, many: str, n: int, /, **values: object) -> str:
    """`one` or `many`, whichever grammar asks for with `{n}` things, in `language`."""
    return _catalogue(nearest(language)).ngettext(one, many, n).format(n=n, **values)


def say_date(language: str, day: date) -> str:
    """A day with its weekday as people write it in `language`: Tuesday, 12 January 2027."""
    return format_date(day, format="full", locale=_date_locale(language))


def say_days(language: str, first: date, last: date) -> str:
    """From the first day to the last one, as short as people write it, without the year."""
    return str(format_interval(first, last, "MMMd", locale=_date_locale(language)))


def _date_locale(language: str) -> str:
    ours = nearest(language)
    return _DATE_LOCALES.get(ours, ours)
