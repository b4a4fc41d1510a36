"""What the first page of a chat says to a person, from their role: staff, change agent, comms team.

Pure: it arranges what was fetched. Nothing here says who answered what; of teams it takes cells
that were released, and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.domain import approval_message, asking_message, phrases
from campaigns.domain.confidentiality import Band, Cell, Released, Size
from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Divider,
    Facts,
    Heading,
    Message,
    Note,
    Part,
    Tap,
    Text,
)
from campaigns.domain.plain import plain_text
from campaigns.domain.ranking import Sign
from campaigns.domain.waiting import Owing
from campaigns.domain.wording import say, say_date

MOST_TEAMS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A running campaign that reached the person, and the day of what comes next."""

    definition: Definition
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How a campaign's planned messages stand; `ends_on`: when the last that waits will be out."""

    key: str
    title: str
    state: str
    reason: str
    n_sent: int
    n_queued: int
    n_failed: int
    ends_on: date | None
    owing: Owing | None = None  # that nothing was told back of what was said


def changes(found: Sequence[Change], language: str) -> Message:
    """What changes for the person, why, and when something comes next."""
    parts: list[Part] = [Heading(say(language, "What changes for you"))]
    for one in found:
        initiative, default = one.definition.initiative, one.definition.default_language
        parts.append(Text(pick(initiative.title, language, default).strip()))
        parts.append(Text(pick(initiative.what, language, default).strip()))
        parts.append(Text(pick(initiative.why, language, default).strip()))
        if one.next_on is not None:
            day = say_date(language, one.next_on)
            parts.append(Note(say(language, "Next: {day}", day=day)))
        parts.append(asking_message.form(one.definition, language, one.definition.campaign.key))
    if not found:
        parts.append(Text(say(language, "Nothing has been announced to you yet.")))
    return _message(parts, language)


def title(definition: Definition, language: str) -> str:
    """What the campaign is called in that language."""
    return pick(definition.campaign.title, language, definition.default_language).strip()


def touchpoint_title(definition: Definition, key: str, language: str) -> str:
    """What a message of the campaign is called; "" where it has no such touchpoint any more."""
    found = next((one for one in definition.campaign.touchpoints if one.key == key), None)
    return pick(found.title, language, definition.default_language).strip() if found else ""


def past(titles: Sequence[tuple[str, date]], language: str) -> Message:
    """The last messages by title and day."""
    facts = tuple((say_date(language, day), title) for title, day in titles)
    heading = Heading(say(language, "Your last messages"))
    return _message([heading, Facts(facts)], language)


def settings(wish: str, *, paused: bool, fewer: bool, language: str) -> Message:
    """How often the person wants to hear from us, and how to change that."""
    pause = phrases.resume_button(language) if paused else phrases.pause_button(language)
    often = phrases.usual_button(language) if fewer else phrases.fewer_button(language)
    parts: list[Part] = [Heading(say(language, "Your settings"))]
    if wish:
        parts.append(Text(wish))
    parts.append(Actions((pause, often)))
    return _message(parts, language)


def with_row(message: Message, row: Actions) -> Message:
    """The message with one more row of buttons."""
    return _message((*message.parts, row), message.language)


def protection(definition: Definition, language: str) -> Message:
    """How answers are protected, in the campaign's own numbers."""
    heading = Heading(say(language, "How your answers are protected"))
    return _message([heading, Text(phrases.confidentiality(definition, language))], language)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team of an agent's at the last close: its cell, and its sign where it has a place in the
    order of evidence."""

    name: str
    cell: Cell
    sign: Sign | None = None


def teams(rows: Sequence[TeamLine], language: str) -> Message:
    """The latest released figures of an agent's teams; a withheld one says nothing but that."""
    facts = tuple((one.name, _line(one, language)) for one in rows[:MOST_TEAMS])
    heading = Heading(say(language, "Your teams"))
    note = Note(
        say(
            language,
            "What was published at the end of the last period. Groups that are too small to stay "
            "confidential are not shown.",
        )
    )
    parts: list[Part] = [heading, Facts(facts), note]
    if any(one.sign for one in rows):
        signs = say(language, "Signs are no measurement: they say where to look first.")
        parts.append(Note(signs))
    return _message(parts, language)


def to_results(language: str) -> Message:
    """That there are results of the person's own groups, and the way to them."""
    heading = Heading(say(language, "Results, and what is done"))
    text = Text(say(language, "What your groups said, and what is decided about it."))
    button = Button(say(language, "Show the results"), Tap(Action.RESULTS))
    return _message([heading, text, Actions((button,))], language)


def no_alerts(language: str) -> Message:
    """That nothing waits for the agent."""
    heading = Heading(say(language, "Open alerts"))
    return _message([heading, Text(say(language, "No team needs you right now."))], language)


def running(
    found: Sequence[Progress], waiting: Sequence[approval_message.Waiting], language: str
) -> Message:
    """The campaigns as the comms team sees them: counts of our own sendings, and a way to stop."""
    parts: list[Part] = [Heading(say(language, "Campaigns"))]
    for one in found:
        parts.extend([Divider(), Text(one.title), Facts(tuple(_progress(one, language)))])
        if one.reason:
            parts.append(Text(one.reason))
        if one.owing is not None:
            parts.append(Text(owing(one.owing, language)))
        parts.append(Actions(tuple(_turns(one, language))))
    if not found:
        parts.append(Text(say(language, "No campaign is running.")))
    for wish in waiting:
        parts.extend(approval_message.waiting(wish, language))
    return _message(parts, language)


def _progress(one: Progress, language: str) -> Iterator[tuple[str, str]]:
    yield say(language, "State"), _state(one.state, language)
    yield say(language, "Sent"), str(one.n_sent)
    yield say(language, "Queued"), str(one.n_queued)
    yield say(language, "Failed"), str(one.n_failed)
    if one.ends_on is not None:
        yield say(language, "What waits is out by"), say_date(language, one.ends_on)


def _state(state: str, language: str) -> str:
    return say(language, "paused") if state == "paused" else say(language, "running")


def owing(one: Owing, language: str) -> str:
    """That nothing was told back, and what waits for it."""
    since = say_date(language, one.since)
    if one.pulse_on is None or one.until is None:
        return say(
            language, "Nothing was told back of what groups said since {since}.", since=since
        )
    return say(
        language,
        "The pulse of {day} waits: nothing was told back of what groups said since {since}. It "
        "goes on by itself on {until}.",
        day=say_date(language, one.pulse_on),
        since=since,
        until=say_date(language, one.until),
    )


def _turns(one: Progress, language: str) -> Iterator[Button]:
    yield _turn(one, language)
    if one.owing is not None and one.owing.pulse_on is not None:
        tap = Tap(Action.ASK_NOW, value=one.key)
        yield Button(say(language, "Let the pulse go on now"), tap)


def _turn(one: Progress, language: str) -> Button:
    if one.state == "paused":
        return Button(say(language, "Let it go on"), Tap(Action.GO_ON, value=one.key), "primary")
    return Button(say(language, "Pause this campaign"), Tap(Action.HALT, value=one.key), "danger")


def _line(one: TeamLine, language: str) -> str:
    cell = against(one.cell, language)
    return f"{cell} · {_sign(one.sign, language)}" if one.sign else cell


def _sign(sign: Sign, language: str) -> str:
    match sign:
        case Sign.STRONG:
            return say(language, "strong signs that it needs someone")
        case Sign.SOME:
            return say(language, "some signs that it needs someone")
        case Sign.NONE:
            return say(language, "no signs that it needs someone")


def against(cell: Cell, language: str) -> str:
    """How many are against the change, of how many; a withheld cell says nothing but that."""
    if not isinstance(cell, Released):
        return say(language, "not shown")
    return say(
        language,
        "{band} against the change, of {size} people who answered",
        band=_band(cell.band, language),
        size=_SIZES[cell.size],
    )


_SIZES = {Size.FEW: "5–9", Size.TENS: "10–19", Size.DOZENS: "20–49", Size.MANY: "50+"}


def _band(band: Band, language: str) -> str:
    match band:
        case Band.LOW:
            return say(language, "up to 20 %")
        case Band.SOME:
            return say(language, "20–35 %")
        case Band.MUCH:
            return say(language, "35–50 %")
        case Band.HALF:
            return say(language, "half or more")


def _message(parts: Sequence[Part], language: str) -> Message:
    return Message("", plain_text(parts, language), language, tuple(parts))
