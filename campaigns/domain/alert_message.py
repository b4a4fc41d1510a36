"""An alert as a neutral message: what, where, since when, how sure, why, and what one can do.

It names a team and never a person of it, prints no probability and no count. Every button carries
the alert's version, so that a press on an outdated message is noticed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from campaigns.domain.alerts import (
    SNOOZES,
    STANDING,
    AlertKind,
    AlertState,
    Ending,
    Finding,
    Strength,
    Tried,
)
from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Facts,
    Heading,
    Message,
    Note,
    Part,
    Picker,
    Tap,
    Text,
    TextBox,
)
from campaigns.domain.naming import barrier_name, ending_name, theme_name
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_count, say_date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an alert stands for the one who reads: `owner` is a name, `others` are
    (external id, name) of the agents that it can be handed over to, `until` is when a snooze ends
    and `waited` after how many days without an owner it went to more people; `tried` is the key of
    an action, `experience` what came of each so far."""

    state: AlertState
    version: int
    owner: str | None = None
    is_mine: bool = False
    others: Sequence[tuple[str, str]] = ()
    until: date | None = None
    waited: int | None = None
    ending: Ending | None = None
    tried: str = ""
    experience: Mapping[str, Tried] = field(default_factory=dict)


def alert(
    finding: Finding, standing: Standing, definition: Definition, language: str, key: str
) -> Message:
    """The message of the delivery `key`, in the reader's language."""
    parts: list[Part] = [
        _heading(finding, language),
        *_status(standing, definition, language),
        Text(_what(finding, definition, language)),
        Facts(tuple(_facts(finding, definition, language))),
    ]
    if actions := _actions(finding, standing, definition, language):
        parts.append(Text(actions))
    parts.append(
        Note(
            say(
                language,
                "No single person's answers decide this. Everybody here was promised "
                "confidentiality: please ask the team, and don't look for who said what.",
            )
        )
    )
    parts.extend(_choices(standing, _offered(finding, definition, language), language))
    return Message(key, plain_text(parts, language), language, tuple(parts), importance="alert")


def moved(finding: Finding, language: str, key: str) -> Message:
    """That the same alert stands in a newer message of this chat."""
    parts: list[Part] = [
        _heading(finding, language),
        Text(say(language, "This goes on further down, in a newer message.")),
    ]
    return Message(key, plain_text(parts, language), language, tuple(parts), importance="alert")


def _heading(finding: Finding, language: str) -> Heading:
    if finding.kind is AlertKind.EVERYBODY:
        return Heading(say(language, "All teams need a change agent"))
    return Heading(say(language, "{team} needs a change agent", team=finding.team))


def _what(finding: Finding, definition: Definition, language: str) -> str:
    title = pick(definition.initiative.title, language, definition.default_language).strip()
    if finding.kind is AlertKind.QUIET:
        return say(
            language,
            "{team} has gone quiet about “{initiative}”: far fewer answers than this team usually "
            "gives, and than other teams give now. This is no measurement of mood; please ask.",
            initiative=title,
            team=finding.team,
        )
    if finding.kind is AlertKind.EVERYBODY:
        return say(
            language,
            "The whole organisation has moved against “{initiative}”. This is about everybody: "
            "what moved all teams alike makes none of them stand out.",
            initiative=title,
        )
    if finding.kind is AlertKind.HIGH:
        return say(
            language,
            "More people in {team} are against “{initiative}” than in the rest of the "
            "organisation.",
            initiative=title,
            team=finding.team,
        )
    return say(
        language,
        "More people in {team} are against “{initiative}” than before. "
        "What moved the whole organisation has been taken out of this.",
        initiative=title,
        team=finding.team,
    )


def _facts(finding: Finding, definition: Definition, language: str) -> Iterator[tuple[str, str]]:
    day = say_date(language, finding.since)
    yield say(language, "Since"), say(language, "about {day}", day=day)
    strong = finding.strength is Strength.STRONG
    sure = say(language, "strong signs") if strong else say(language, "some signs")
    yield say(language, "How sure"), sure
    size = say(language, "answers from {size} people", size=finding.size.value.replace("-", "–"))
    yield say(language, "Based on"), size
    if finding.barrier:
        yield say(language, "What is missing most"), barrier_name(language, finding.barrier)
    if finding.themes:
        themes = ", ".join(theme_name(language, theme) for theme in finding.themes)
        yield say(language, "What people write about"), themes
    if sent := _titles(finding, definition, language):
        yield say(language, "Already sent to everybody there"), " · ".join(sent)


def _titles(finding: Finding, definition: Definition, language: str) -> list[str]:
    return [
        pick(touchpoint.title, language, definition.default_language).strip()
        for touchpoint in definition.campaign.touchpoints
        if touchpoint.key in finding.sent
    ]


def _actions(finding: Finding, standing: Standing, definition: Definition, language: str) -> str:
    default = definition.default_language
    texts = {one.key: one.text for one in definition.campaign.agent_actions}
    lines = [
        f"• {title}: {pick(texts[key], language, default).strip()}"
        + _came_of_it(standing.experience.get(key), language)
        for key, title in _offered(finding, definition, language)
    ]
    return "\n\n".join([say(language, "What you can try:"), *lines]) if lines else ""


def _offered(finding: Finding, definition: Definition, language: str) -> list[tuple[str, str]]:
    """(key, title) of the finding's actions that the campaign still has."""
    default = definition.default_language
    known = {action.key: action.title for action in definition.campaign.agent_actions}
    return [
        (key, pick(known[key], language, default).strip())
        for key in finding.actions
        if key in known
    ]


def _came_of_it(tried: Tried | None, language: str) -> str:
    if tried is None:
        return ""
    said = say(
        language,
        "Tried in {n} teams so far; the change agents there say that it helps in {n_helped}.",
        n=str(tried.n),
        n_helped=str(tried.n_helped),
    )
    return f" ({said})"


def _status(standing: Standing, definition: Definition, language: str) -> list[Part]:
    """Who has it and what they try, first of all: it is what changes with a press."""
    said = [_who_has_it(standing, language), _what_is_tried(standing, definition, language)]
    status = " ".join(one for one in said if one)
    return [Text(status)] if status else []


def _what_is_tried(standing: Standing, definition: Definition, language: str) -> str:
    for action in definition.campaign.agent_actions:
        if action.key == standing.tried:
            title = pick(action.title, language, definition.default_language).strip()
            return say(language, "What is tried: {action}.", action=title)
    return ""


def _who_has_it(standing: Standing, language: str) -> str:
    if standing.state is AlertState.RESOLVED:
        return say(language, "This is over: the team's answers are back to normal.")
    if standing.owner is None:
        return _nobody(standing, language)
    if standing.state is AlertState.CLOSED:
        closed = (
            say(language, "You closed this.")
            if standing.is_mine
            else say(language, "{name} closed this.", name=standing.owner)
        )
        return f"{closed} {ending_name(language, standing.ending)}" if standing.ending else closed
    if standing.state is AlertState.SNOOZED and standing.until:
        day = say_date(language, standing.until)
        return (
            say(language, "You will be asked again on {day}.", day=day)
            if standing.is_mine
            else say(language, "{name} comes back to this on {day}.", name=standing.owner, day=day)
        )
    return (
        say(language, "You have this.")
        if standing.is_mine
        else say(language, "{name} has this.", name=standing.owner)
    )


def _nobody(standing: Standing, language: str) -> str:
    if standing.waited is None:
        return ""
    return say_count(
        language,
        "Nobody took this within {n} working day, so more people were asked.",
        "Nobody took this within {n} working days, so more people were asked.",
        standing.waited,
    )


def _choices(standing: Standing, actions: Sequence[tuple[str, str]], language: str) -> list[Part]:
    free = standing.owner is None or standing.is_mine
    if standing.state not in STANDING or not free:
        return []
    version = str(standing.version)
    parts: list[Part] = []
    if standing.state is not AlertState.TAKEN:
        parts.append(Actions((_take(version, language),)))
    if actions:
        label, submit = say(language, "What I try"), say(language, "I try this")
        parts.append(Picker(label, tuple(actions), Tap(Action.TRY, value=version), submit))
    if standing.state is not AlertState.SNOOZED:
        parts.append(_snooze(version, language))
    if standing.others:
        tap = Tap(Action.HAND_OVER, value=version)
        label, submit = say(language, "Hand over to"), say(language, "Hand over")
        parts.append(Picker(label, tuple(standing.others), tap, submit, "person"))
    parts.append(_close(version, language))
    return parts


def _take(version: str, language: str) -> Button:
    return Button(
        say(language, "I take this"),
        Tap(Action.TAKE, value=version),
        "primary",
        say(language, "I take this: the other agents see that you have it"),
    )


def _snooze(version: str, language: str) -> Picker:
    options = tuple(
        (str(days), say_count(language, "in {n} day", "in {n} days", days)) for days in SNOOZES
    )
    tap = Tap(Action.SNOOZE, value=version)
    return Picker(say(language, "Ask me again"), options, tap, say(language, "Later"))


def _close(version: str, language: str) -> TextBox:
    submit = say(language, "Close this")
    return TextBox(
        question="",
        prompt=say(language, "Close with a note: what did you find, and what did you do?"),
        submit_label=submit,
        tap=Tap(Action.CLOSE, value=version),
        note=say(language, "The note is kept encrypted. Please name nobody of the team in it."),
        options_label=say(language, "What came of it"),
        options=tuple((ending.value, ending_name(language, ending)) for ending in Ending),
    )
