"""YAML text into plain values that remember where they stood.

Only what a campaign file needs: mappings, lists, texts, numbers, true, false, nothing. No tags, no
merge keys, nothing twice, and limits on size, depth and expansion, so that no file however made
can run code or eat the memory. Whatever is wrong is said in words an author understands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from campaigns.errors import DefinitionError, Problem

MOST_BYTES = 1_000_000
MOST_VALUES = 50_000  # aliases counted as often as they are used
DEEPEST = 20

Path = tuple[str | int, ...]
Value = object

_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|[0-9]+)")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_STRANGE = "a character that no text has"
_SAID = (
    ("'\\t'", "there is a tab here; indent with spaces instead"),
    ("mapping values are not allowed", 'a text with ": " in it needs quotes around it'),
    ("that cannot start any token", "a text that begins with this character needs quotes"),
    ("unexpected end of stream", "the quotes that open here are never closed"),
    ("but got '<stream end>'", "a bracket is opened and never closed"),
    ("undefined alias", "this refers to an anchor (*name) that is not defined above"),
    ("duplicate anchor", "this anchor (&name) is defined twice"),
    ("unknown escape character", 'write "\\\\" for a backslash, or use single quotes'),
    ("could not find expected ':'", 'expected "key: value" here; is a colon missing?'),
    ("found another document", 'a campaign is one document; remove the line "---"'),
    ("<block end>", "this line is indented differently from the lines it belongs to"),
    ("%", "a line that begins with % is not needed here; remove it"),
)


@dataclass(frozen=True)
class Places:
    """Where each value of a file stands, by its path: ("campaign", "rules", 0, "send")."""

    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    names: Mapping[Path, str] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """`line 12, column 7 (campaign.rules[offer].send)`; without a file only the path.

        A path that isn't in the file has the line of the nearest value around it. Entries of a list
        are named by their own key, or counted from 1.
        """
        name, (line, column) = self.dotted(path), self.position(path)
        if not line:
            return name
        where = f"line {line}, column {column}"
        return f"{where} ({name})" if name else where

    def position(self, path: Path) -> tuple[int, int]:
        """Line and column from 1 of what is at the path or nearest around it; (0, 0) if unknown."""
        for length in range(len(path), -1, -1):
            if mark := self.marks.get(path[:length]):
                return mark
        return (0, 0)

    def dotted(self, path: Path) -> str:
        """The path in the way authors read it: `campaign.rules[offer].send`."""
        text = ""
        for length, step in enumerate(path, start=1):
            if isinstance(step, int):
                text += f"[{self.names.get(path[:length], step + 1)}]"
            else:
                text += f".{step}" if text else step
        return text


def parse(source: str | bytes, name: str) -> tuple[Value, Places]:
    """The values of a file called `name`, and their places. Raises DefinitionError."""
    text = _decoded(source, name)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except ReaderError as error:
        raise _refusal(name, text, error.position, _STRANGE) from None
    except MarkedYAMLError as error:
        raise DefinitionError([_unreadable(error, name)]) from None
    except RecursionError:
        raise DefinitionError([Problem(name, "this is nested too deeply")]) from None
    except (YAMLError, ValueError):
        raise DefinitionError([Problem(name, "this is not a campaign file in YAML")]) from None
    if root is None:
        raise DefinitionError([Problem(name, "the file is empty; expected a campaign")])
    builder = _Builder()
    value = builder.build(root, (), 0)
    if builder.problems:
        raise DefinitionError(builder.problems)
    return value, builder.places


def _decoded(source: str | bytes, name: str) -> str:
    size = len(source if isinstance(source, bytes) else source.encode(errors="replace"))
    if size > MOST_BYTES:
        raise DefinitionError([Problem(name, "the file is larger than 1 MB; is it a campaign?")])
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = source[: error.start].decode("utf-8-sig")
        message = "this is not text in UTF-8; save the file with that encoding"
        raise _refusal(name, readable, len(readable), message) from None


def _refusal(name: str, text: str, position: int, message: str) -> DefinitionError:
    before = text[:position]
    line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
    return DefinitionError([Problem(f"{name}, line {line}, column {column}", message)])


def _unreadable(error: MarkedYAMLError, name: str) -> Problem:
    said = f"{error.problem or ''} {error.context or ''}"
    message = next(
        (message for sign, message in _SAID if sign in said),
        "this can't be read; look for a missing quote, colon or indent on this line or above",
    )
    mark = error.problem_mark or error.context_mark
    opened = "never closed" in message and error.context_mark is not None
    mark = error.context_mark if opened else mark
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else name
    return Problem(place, message)


class _Builder:
    """Values out of nodes, with an eye on depth, number and what stands twice."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._marks: dict[Path, tuple[int, int]] = {}
        self._names: dict[Path, str] = {}
        self._n_values = 0
        self.places = Places(self._marks, self._names)

    def build(self, node: Node, path: Path, depth: int) -> Value:
        self._n_values += 1
        self._marks.setdefault(path, _position(node))
        if depth > DEEPEST or self._n_values > MOST_VALUES:
            what = "nested too deeply" if depth > DEEPEST else "more values than a campaign has"
            raise DefinitionError([*self.problems, Problem(self.places.of(path), what)])
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            return [
                self.build(item, (*path, index), depth + 1) for index, item in enumerate(node.value)
            ]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            line, column = _position(key_node)
            here = f"line {line}, column {column}"
            if not isinstance(key_node, ScalarNode):
                self.problems.append(Problem(here, "expected a key, found a list or a mapping"))
            elif key == "<<":
                self.problems.append(Problem(here, "<< is not supported; write the keys out"))
            elif key in values:
                self.problems.append(Problem(here, f'"{key}" stands here a second time'))
            else:
                inner = (*path, key)
                # Where nothing is written, the node stands at whatever comes next.
                is_there = isinstance(value_node, ScalarNode) and value_node.value
                self._marks[inner] = _position(value_node) if is_there else (line, column)
                if key == "key" and isinstance(value_node, ScalarNode):
                    self._names[path] = value_node.value
                values[key] = self.build(value_node, inner, depth + 1)
        return values

    def _scalar(self, node: Node, path: Path) -> Value:
        text: str = node.value
        match str(node.tag).removeprefix("tag:yaml.org,2002:"):
            case "str" | "timestamp":
                if _NO_TEXT.search(text):  # written as an escape, such as "\\0"
                    self.problems.append(Problem(self.places.of(path), _STRANGE))
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int" | "float":
                return _number(text)
        self.problems.append(Problem(self.places.of(path), "tags (!name) are not supported"))
        return text


def _position(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _number(text: str) -> int | float | str:
    plain = text.replace("_", "")
    try:
        if _NUMBER.fullmatch(plain):
            return int(plain, 0) if not plain.lstrip("+-").isdigit() else int(plain)
        return float(plain)
    except ValueError:  # more digits than a number may have, or a form of YAML's own
        return text
