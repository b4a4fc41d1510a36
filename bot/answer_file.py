"""A file of answers from elsewhere (JSON Lines), read and checked before anything is replayed.

One object a line. Either `answers` (question key → point, option or words), which needs the
campaign that the keys are from, or `question` with `text` or `scale`, as a survey tool exports
them; then `improvising` makes a campaign that asks these very questions.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.replaying import Row
from campaigns.domain.staff_cells import COLUMNS
from campaigns.domain.texts import TEXT_LENGTH
from campaigns.errors import InputError, Problem

MOST_PROBLEMS = 50
MOST_LINES = 2_000_000
MOST_POINTS = 10
EARLIEST_YEAR, LATEST_YEAR = 1970, 2199  # a calendar can be added to and subtracted from


def _number_stays_number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("an answer is a whole number or a text")
    if isinstance(value, int) and not 0 <= value <= MOST_POINTS:
        raise ValueError("no scale has such a point")
    return value


def _fits_an_id(text: str) -> str:
    COLUMNS["id"].value(text)
    return text


def _fits_a_team(text: str) -> str:
    COLUMNS["team"].value(text)
    return text


def _within_a_calendar(at: datetime) -> datetime:
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise ValueError("nobody answered in that year")
    return at


Prompt = Annotated[str, Field(max_length=TEXT_LENGTH)]
Answer = Annotated[int | str, BeforeValidator(_number_stays_number)]


class Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_max_length=100_000)

    person: Annotated[str, AfterValidator(_fits_an_id)] = Field(min_length=1, max_length=100)
    at: Annotated[datetime, AfterValidator(_within_a_calendar)]
    team: Annotated[str, AfterValidator(_fits_a_team)] = Field(
        default="Everybody", min_length=1, max_length=200
    )
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z]+)?$")
    answers: dict[Prompt, Answer] = {}
    question: Prompt = ""
    text: str = ""
    scale: int | None = Field(default=None, ge=1, le=10)

    @model_validator(mode="after")
    def _has_an_answer(self) -> Self:
        if not self.answers and not self.text.strip() and self.scale is None:
            raise ValueError('expected "answers", "text" or "scale"')
        return self

    @property
    def moment(self) -> datetime:
        """`at`, in UTC; a time without a zone is taken as UTC."""
        at = self.at if self.at.tzinfo else self.at.replace(tzinfo=UTC)
        return at.astimezone(UTC)

    def as_row(self) -> Row:
        """The line under the keys that it names itself, for a campaign of its own."""
        return Row(self.person, self.moment, self.answers)


def read(data: bytes, name: str) -> list[Line]:
    """Every line of the file. Raises InputError naming each bad line; the words in it are not."""
    problems: list[Problem] = []
    lines: list[Line] = []
    for number, raw in _numbered(data, name):
        try:
            lines.append(Line.model_validate_json(raw))
        except ValidationError as error:
            problems += _explain(error, f"{name}, line {number}")
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    if not lines:
        raise InputError(f"{name} holds no answers: write one JSON object a line.")
    return lines


def _numbered(data: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if number > MOST_LINES:
            raise InputError(f"{name} has more than {MOST_LINES:,} lines: split it.")
        if raw.strip():
            yield number, raw


_EXPECTED = {
    "person": 'an id of 1 to 100 characters without "/"',
    "at": "a date and time such as 2027-01-12T10:30:00Z",
    "team": "the name of one team",
    "language": "a language code such as en or de",
    "answers": "an object of question key to a text or a point of a scale (at most 10)",
    "question": f"a text of at most {TEXT_LENGTH:,} characters",
    "text": "a text of at most 100,000 characters",
    "scale": "a whole number from 1 to 10",
}


def _explain(error: ValidationError, place: str) -> Iterator[Problem]:
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        field = str(one["loc"][0]) if one["loc"] else ""
        if one["type"] == "json_invalid":
            yield Problem(place, "expected one JSON object; this is not valid JSON")
        elif one["type"] == "model_type":
            yield Problem(place, "expected one JSON object, found another value")
        elif field in _EXPECTED:
            yield Problem(f'{place}, "{field}"', f"expected {_EXPECTED[field]}")
        else:
            yield Problem(place, one["msg"].removeprefix("Value error, "))
