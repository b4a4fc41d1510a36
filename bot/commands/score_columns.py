"""Which columns `bellwether score` reads and what the ones it adds are called.

What a file names its columns may be shown; what may be somebody's answer may not, and in a file
without a header the first line is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.tables.tabular import Reader, Row, TableError, Wanted
from sentiment.labels import Score, Stance
from sentiment.text import MAX_CHARACTERS

ADDED = (
    "stance",
    *(f"p_{stance}" for stance in Stance),
    "sentiment",
    "barrier",
    "themes",
    "safeguarding",
    "p_safeguarding",
    "status",
    "model",
)
Pair = tuple[str, str]
Value = str | float | bool | None
_SHOWN_NAMES = 40
_NAME = re.compile(r"[^\W\d][\w-]{0,39}")
_NUMBER = re.compile(r"[-+]?\d[\d.,:/-]*")
_WORDS_IN_A_NAME = 5
_DIGITS = 6  # of a probability; the model itself is no steadier


@dataclass(frozen=True, slots=True)
class Columns:
    """Where text and question stand in a row; `names` says which they are in the file's words."""

    text: int
    question: int | None
    names: tuple[str, str | None]

    def pick(self, row: Row) -> Pair | None:
        """The row's (question, text), or None where the row cannot be read."""
        text = row.cells[self.text]
        question = None if self.question is None else row.cells[self.question]
        if row.problem or not isinstance(text, str | None) or not isinstance(question, str | None):
            return None
        return (question or "")[:MAX_CHARACTERS], (text or "")[:MAX_CHARACTERS]


def choose(table: Reader, wanted: Wanted, name: str) -> Columns:
    """The columns that were asked for. Raises TableError with what was found and how to go on."""
    columns = table.columns
    text = wanted.text or "text"
    if wanted.text is None and wanted.header is False and len(columns) == 1:
        text = "1"
    question = wanted.question
    if question is None and "question" in columns:
        question = "question"
    at_text = _place(text, "--text-column", table, wanted, name)
    at_question = None
    if question is not None:
        at_question = _place(question, "--question-column", table, wanted, name)
    if wanted.header is None and table.dialect and text not in columns:
        _refuse_an_answer(columns, at_text, name)
    names = columns[at_text], None if at_question is None else columns[at_question]
    return Columns(at_text, at_question, names)


def our_names(columns: Sequence[str]) -> list[str]:
    """Our columns' names; one that the table already has gets `bellwether_` before it."""
    names = [f"bellwether_{name}" if name in columns else name for name in ADDED]
    taken = [name for name in names if name in columns]
    if taken:
        raise TableError(f"The table already has the column {taken[0]!r}: rename it.")
    return names


def values(score: Score) -> list[Value]:
    """What our columns hold for this score, in their order, without the model."""
    judged = bool(score.p_stance)
    return [
        score.stance and score.stance.value,
        *([round(p, _DIGITS) for p in score.p_stance] if judged else [None] * len(Stance)),
        score.sentiment and score.sentiment.value,
        score.barrier and score.barrier.value,
        ";".join(score.themes),
        score.safeguarding if judged else None,
        round(score.p_safeguarding, _DIGITS) if judged else None,
        score.status.value,
    ]


def position(asked: str, columns: Sequence[str]) -> int | None:
    """Where the column with this name, else this number, stands; None where there is none."""
    if asked in columns:
        return columns.index(asked)
    numbered = asked.isascii() and asked.isdecimal() and 1 <= int(asked) <= len(columns)
    return int(asked) - 1 if numbered else None


def _place(asked: str, option: str, table: Reader, wanted: Wanted, name: str) -> int:
    columns = table.columns
    if (found := position(asked, columns)) is not None:
        return found
    numbers = f"{option} with its number, 1 to {len(columns)}"
    if wanted.header is False:
        raise TableError(f"{name} has {len(columns)} columns: say {numbers}.")
    if table.dialect is not None and not _is_header(columns):
        raise TableError(
            f"{name} has no column {asked!r}, and its first line ({len(columns)} cells) seems to "
            f"be no line of names. If so, add --no-header; in any case, say {numbers}."
        )
    shown = [each for each in columns if _NAME.fullmatch(each)][:_SHOWN_NAMES]
    if n_others := len(columns) - len(shown):
        shown.append(f"{n_others} with longer names")
    raise TableError(
        f"{name} has no column {asked!r}; it has: {', '.join(shown)}. Use {option}, with a name or "
        "a number."
    )


def _is_header(columns: Sequence[str]) -> bool:
    """Whether these may be names: several, none a number, and at least one a single word."""
    one_word = any(map(_NAME.fullmatch, columns))
    return len(columns) > 1 and one_word and not any(map(_NUMBER.fullmatch, columns))


def _refuse_an_answer(columns: Sequence[str], at: int, name: str) -> None:
    """A column that was asked for by number may have an answer where its name should be."""
    first = columns[at].strip()
    long = len(first.split()) > _WORDS_IN_A_NAME or first.endswith((".", "!"))
    if any(map(_NUMBER.fullmatch, columns)) or (long and not first.endswith("?")):
        raise TableError(
            f"The first line of {name} seems to be an answer and no line of names: add --no-header "
            "if it is, --header if it isn't."
        )
