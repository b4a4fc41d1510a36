"""A campaign file into a `Definition`, or every mistake in it by its place, in plain words.

An author is no programmer: no message may name a class, a type or a library, and each says what
was expected. Whatever the bytes are, the answer is a definition or a DefinitionError.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from campaigns.domain.definition import Definition
from campaigns.domain.placed_yaml import Path, Places, parse
from campaigns.domain.remarks import closest
from campaigns.domain.texts import KEY, LANGUAGE, Model
from campaigns.errors import DefinitionError, Problem

MOST_PROBLEMS = 50
_FOUND_LENGTH = 40

_PLAIN = {
    "bool_parsing": "expected true or false",
    "bool_type": "expected true or false",
    "date_": "expected a date such as 2027-01-31",
    "datetime_": 'expected a date and time such as "2027-01-31 09:30"',
    "dict_type": "expected a text, or one text for each language",
    "finite_number": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "int_from_float": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_parsing_size": "expected a smaller number",
    "int_type": "expected a whole number",
    "model_attributes_type": 'expected keys and values ("key: value")',
    "model_type": 'expected keys and values ("key: value")',
    "string_type": "expected a text",
    "time_": 'expected a time such as "09:30"',
    "tuple_type": 'expected a list (lines that begin with "- ", or [one, two])',
}
_PATTERNS = {
    KEY: 'expected lower-case letters, digits and "-", a letter first, at most 40 in all',
    LANGUAGE: "expected a language code such as en, de or pt-BR",
}


def read(source: str | bytes, name: str) -> Definition:
    """The definition in the text of a file called `name`. Raises DefinitionError."""
    return read_placed(source, name)[0]


def read_placed(source: str | bytes, name: str) -> tuple[Definition, Places]:
    """The definition, and where in the file each of its values stands. Raises DefinitionError."""
    value, places = parse(source, name)
    if not isinstance(value, dict):
        message = 'expected the keys "initiative" and "campaign" at the top of the file'
        raise DefinitionError([Problem(places.of(()), message)])
    try:
        return Definition.model_validate(value), places
    except ValidationError as error:
        raise DefinitionError(list(_problems(error, value, places))) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a campaign file, for editors that complete and check while one types."""
    schema = Definition.model_json_schema(by_alias=True)
    address = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": address, **schema, "title": "Bellwether campaign"}


def _problems(error: ValidationError, root: object, places: Places) -> Iterator[Problem]:
    placed = [(_path(one["loc"]), one) for one in error.errors(include_url=False)]
    found = [
        (path[:-1] if one["type"] == "missing" else path, _sentence(one, path, root))
        for path, one in placed
        if not _is_echo(one)
    ]
    found.sort(key=lambda one: places.position(one[0]))
    told = [one for one in found if not _is_misspelt(one, found)]
    for path, sentence in told[:MOST_PROBLEMS]:
        yield Problem(places.of(path), sentence)
    if len(told) > MOST_PROBLEMS:
        yield Problem("", f"and {len(told) - MOST_PROBLEMS} more")


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether a list only seems too short because an entry of it was refused already."""
    value = detail["input"]
    if detail["type"] != "too_short" or not isinstance(value, list):
        return False
    return len(value) >= int(detail["ctx"]["min_length"])


def _is_misspelt(one: tuple[Path, str], found: Sequence[tuple[Path, str]]) -> bool:
    """Whether a key only seems missing because it is there in another spelling, told as well."""
    path, sentence = one
    if not sentence.endswith(" is missing"):
        return False
    meant = f"; did you mean {sentence.removesuffix(' is missing')}?"
    return any(other[:-1] == path and text.endswith(meant) for other, text in found)


def _path(location: Sequence[str | int]) -> Path:
    """The path in the file, without what the model adds to tell kinds and moments apart."""
    steps = list(location)
    if steps[:2] == ["campaign", "touchpoints"] and len(steps) > 3:
        kind = steps.pop(3)
        if kind != "reminder" and steps[3:4] == ["when"] and len(steps) > 4:
            steps.pop(4)
    if steps[-1:] == ["[key]"]:
        steps.pop()
    return tuple(steps)


def _sentence(detail: ErrorDetails, path: Path, root: object) -> str:
    context: Mapping[str, Any] = detail.get("ctx", {})
    value = detail["input"]
    match detail["type"]:
        case "missing":
            return f'"{path[-1]}" is missing'
        case "extra_forbidden":
            return f'unknown key "{path[-1]}"{closest(str(path[-1]), _keys(path[:-1], root))}'
        case "value_error":
            return str(context["error"])
        case "when":
            return detail["msg"]
        case "enum" | "literal_error":
            return _not_among(value, context["expected"])
        case "union_tag_invalid":
            return _not_among(context["tag"], context["expected_tags"])
        case "union_tag_not_found":
            return '"kind" is missing; expected vision, pulse, reminder or follow_up'
        case "string_pattern_mismatch":
            return _PATTERNS[context["pattern"]] + _found(value)
        case "greater_than_equal":
            return f"expected {context['ge']} or more{_found(value)}"
        case "less_than_equal":
            return f"expected {context['le']} or less{_found(value)}"
        case "too_short" | "too_long" | "string_too_short" | "string_too_long":
            return _length(context)
    return _plain(detail["type"]) + _found(value)


def _plain(kind: str) -> str:
    for sign, sentence in _PLAIN.items():
        if kind.startswith(sign):
            return sentence
    return "this is not what is expected here"


def _length(context: Mapping[str, Any]) -> str:
    word, limit = next(
        (word, context[word]) for word in ("min_length", "max_length") if word in context
    )
    one, many = ("entry", "entries") if "field_type" in context else ("character", "characters")
    bound = "least" if word == "min_length" else "most"
    return f"expected at {bound} {limit} {one if limit == 1 else many}"


def _not_among(value: object, expected: str) -> str:
    known = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    if isinstance(value, str):
        return f'"{_short(value)}" is not known here{closest(value, known)}'
    return (
        f"expected {known[0] if len(known) == 1 else 'one of ' + ', '.join(known)}{_found(value)}"
    )


def _found(value: object) -> str:
    match value:
        case None:
            return "; there is nothing here"
        case bool():
            return f"; found {str(value).lower()} (put it in quotes if it is meant as a text)"
        case int() | float():
            return f"; found the number {_short(str(value))}"
        case str():
            return f'; found "{_short(value)}"'
        case list():
            return "; found a list"
    return "; found keys and values"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _FOUND_LENGTH else flat[: _FOUND_LENGTH - 1] + "…"


def _keys(path: Path, root: object) -> list[str]:
    """The keys that the file may have at a path."""
    models: list[type[Model]] = [Definition]
    value = root
    for step in path:
        value = value[step] if isinstance(value, dict | list) else None  # type: ignore[index]
        if isinstance(step, str):
            fields = (field for model in models for field in _named(model, step))
            models = [model for field in fields for model in _models_in(field.annotation)]
        models = _likely(models, value)
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _named(model: type[Model], key: str) -> Iterator[FieldInfo]:
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            yield field


def _models_in(annotation: object) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _likely(models: list[type[Model]], value: object) -> list[type[Model]]:
    """Of several models the one that is meant: by its kind, else by the keys in common."""
    if len(models) < 2 or not isinstance(value, dict):
        return models
    of_kind = [
        model
        for model in models
        if "kind" in model.model_fields
        and value.get("kind") in get_args(model.model_fields["kind"].annotation)
    ]
    return of_kind or [max(models, key=lambda model: _in_common(model, value))]


def _in_common(model: type[Model], value: dict[str, object]) -> tuple[int, int]:
    fields = model.model_fields
    required = {name for name, field in fields.items() if field.is_required()}
    return len(required & value.keys()), len(fields.keys() & value.keys())
