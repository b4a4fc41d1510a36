"""What everybody may know of their own groups: released figures, and what is decided about them.

It is built from released values and from entries that were told, and shows the same to everybody
of a group. A group that is not shown is left out without a word: nothing says why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaigns.domain.confidentiality import Rate, Released
from campaigns.domain.definition import Definition, pick
from campaigns.domain.home import against
from campaigns.domain.messages import Divider, Facts, Heading, Message, Note, Part, Text
from campaigns.domain.naming import barrier_name, theme_name
from campaigns.domain.picked import picked
from campaigns.domain.plain import plain_text
from campaigns.domain.told_message import Told, said_and_done
from campaigns.domain.wording import say
from sentiment.labels import Barrier

MOST_QUESTIONS = 5  # beside five other facts: a list of facts has ten


@dataclass(frozen=True, slots=True)
class Level:
    """A shown group that the reader belongs to; `name` is "" for everybody."""

    name: str
    cell: Released


@dataclass(frozen=True, slots=True)
class Results:
    """What one campaign has to show to a reader: the nearest shown group first, the newest period
    alone; and what their groups were told."""

    definition: Definition
    levels: tuple[Level, ...] = ()
    decided: tuple[Told, ...] = ()


def results(found: Sequence[Results], language: str) -> Message:
    """All of it, in the reader's language where the campaign has it; of no delivery."""
    parts: list[Part] = [Heading(say(language, "Results, and what is done"))]
    for one in found:
        parts.extend(_of_campaign(one, language))
    if not found:
        parts.append(Text(say(language, "There is nothing to show yet.")))
    parts.append(
        Note(
            say(
                language,
                "Everybody in a group sees the same. Groups that are too small to stay "
                "confidential are not shown.",
            )
        )
    )
    return Message("", plain_text(parts, language), language, tuple(parts))


def _of_campaign(one: Results, language: str) -> Iterator[Part]:
    yield Heading(pick(one.definition.campaign.title, language, one.definition.default_language))
    for level in one.levels:
        yield Heading(level.name or say(language, "Everybody"))
        yield Facts(tuple(_figures(level.cell, one.definition, language)))
    for told in one.decided:
        yield Divider()
        yield from said_and_done(told, one.definition, language)


def _figures(cell: Released, definition: Definition, language: str) -> Iterator[tuple[str, str]]:
    yield say(language, "Where people stand"), against(cell, language)
    if cell.shares is not None:
        shares = cell.shares
        stances = (
            (say(language, "for it"), shares.supportive),
            (say(language, "neutral"), shares.neutral),
            (say(language, "torn"), shares.ambivalent),
            (say(language, "against it"), shares.resistant),
        )
        said = " · ".join(f"{name} {_percent(percent)}" for name, percent in stances)
        yield say(language, "In steps of 5 %"), said
    if cell.rate is not None:
        yield say(language, "Answered, of those asked"), _rate(cell.rate, language)
    if cell.barrier not in (None, Barrier.NONE):
        yield say(language, "Most often missing"), barrier_name(language, cell.barrier)
    if cell.themes:
        themes = ", ".join(theme_name(language, theme) for theme in cell.themes)
        yield say(language, "Topics"), themes
    for question, options in picked(cell, definition, language)[:MOST_QUESTIONS]:
        yield question, " · ".join(options)


def _percent(step: int) -> str:
    """In steps of 5; the ends are open."""
    ends = {10: "≤ 10 %", 80: "≥ 80 %"}
    return ends.get(step, f"{step} %")


def _rate(rate: Rate, language: str) -> str:
    match rate:
        case Rate.UNDER_A_THIRD:
            return say(language, "under a third")
        case Rate.ABOUT_HALF:
            return say(language, "about half")
        case Rate.MOST:
            return say(language, "most")
