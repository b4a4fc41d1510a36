"""The smallest pieces of a campaign file: keys, languages, web addresses, texts by language.

The limits of length are those of the strictest chat, so that no message is cut on its way.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from campaigns.domain.placed_yaml import Path

KEY = r"^[a-z][a-z0-9-]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"
HEADING_LENGTH = 150  # the strictest chat's limits
LABEL_LENGTH = 30
TEXT_LENGTH = 3000

_CLOCK = r"\d{2}:\d{2}(:\d{2})?"
_DAY = r"2[01]\d{2}-\d{2}-\d{2}"  # a calendar can be added to and subtracted from


def _written(pattern: str, example: str) -> BeforeValidator:
    """Only that way of writing: a bare number would otherwise count as seconds since 1970."""

    def check(value: object) -> object:
        if isinstance(value, int | float) or (
            isinstance(value, str) and not re.fullmatch(pattern, value)
        ):
            raise ValueError(f"expected {example}")
        return value

    return BeforeValidator(check)


ClockTime = Annotated[dt.time, _written(_CLOCK, 'a time such as "09:30"')]
Day = Annotated[dt.date, _written(_DAY, "a date such as 2027-01-31")]
DayAndTime = Annotated[
    dt.datetime,
    _written(
        _DAY + "[T ]" + _CLOCK + r" ?(Z|[+-]\d{2}:\d{2})?",
        'a date and time such as "2027-01-31 09:30"',
    ),
]
Key = Annotated[str, Field(pattern=KEY, description="lower case, digits, -")]
Language = Annotated[str, Field(pattern=LANGUAGE, description="a language code: en, de, pt-BR")]


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.hostname or re.search(r"\s", value):
        raise ValueError("expected a web address that starts with https://")
    return value


Url = Annotated[str, Field(max_length=1000), AfterValidator(_web_address)]


def _by_language(value: object) -> object:
    return {"": value} if isinstance(value, str) else value


def _texts(longest: int) -> Callable[[dict[str, str]], dict[str, str]]:
    def check(value: dict[str, str]) -> dict[str, str]:
        if not value:
            raise ValueError("expected a text, or one text for each language")
        for language, text in value.items():
            where = f" in {language}" if language else ""
            if language and not re.match(LANGUAGE, language):
                raise ValueError(f'"{language}" is not a language code such as en or de')
            if not text.strip():
                raise ValueError(f"the text{where} is empty")
            if len(text) > longest:
                raise ValueError(
                    f"the text{where} has {len(text)} characters; expected at most {longest}"
                )
        return value

    return check


# A plain string counts for every language; otherwise one text a language: {en: ..., de: ...}.
_ByLanguage = BeforeValidator(_by_language, json_schema_input_type=str | dict[str, str])
Words = Annotated[dict[str, str], _ByLanguage, AfterValidator(_texts(TEXT_LENGTH))]
Title = Annotated[dict[str, str], _ByLanguage, AfterValidator(_texts(HEADING_LENGTH))]
Label = Annotated[dict[str, str], _ByLanguage, AfterValidator(_texts(LABEL_LENGTH))]


def pick(words: dict[str, str], language: str, default: str) -> str:
    """The text in `language`, else in the campaign's first language, else whichever there is."""
    for wanted in (language, language.split("-")[0], default, ""):
        if wanted in words:
            return words[wanted]
    return next(iter(words.values()))


def refuse_twice(what: str, keys: Iterable[str]) -> None:
    """Raises ValueError where a key stands in its list more than once."""
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f'the {what} "{twice[0]}" stands here twice')


class Model(BaseModel):
    """What every part of a campaign file is: unknown keys are refused, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


def leaves(value: object, path: Path) -> Iterator[tuple[Path, dict[str, str] | str]]:
    """Every text by language and every plain text in a part of the file, with its path."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from leaves(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    elif isinstance(value, dict | str):
        yield path, value
