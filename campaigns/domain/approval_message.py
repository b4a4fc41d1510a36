"""What a second person reads before they approve a launch: who gets what and when, in five lines.

An extract, and it says so: every message in full is a command away. Of the audience it holds
numbers alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.domain.agenda import agenda
from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Divider,
    Facts,
    Note,
    Part,
    Tap,
    Text,
)
from campaigns.domain.wording import say, say_date
from campaigns.errors import Problem

MOST_LISTED = 5  # questions, and remarks of the check


@dataclass(frozen=True, slots=True)
class Summary:
    """A campaign as it would be if it were launched on that day.

    `n_messages` counts visions and pulses of the first year, `n_reminders` comes on top for those
    who answer nothing.
    """

    definition: Definition
    n_people: int
    n_teams: int
    n_messages: int
    n_reminders: int
    days: tuple[date, date] | None  # of the first and of the last planned message
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A launch that needs a second person: what it would do, which content it is, who asked, and
    whether the reader may approve it."""

    summary: Summary
    content: str  # as the press names it: what is edited is another one
    asked_by: str
    may_approve: bool
    reader: str  # their id of the staff file


def summary(
    definition: Definition, n_people: int, n_teams: int, problems: Sequence[Problem], on: date
) -> Summary:
    """What a launch on that day would do to those people."""
    planned = agenda(definition, on)
    n_reminders = sum(one.kind == "reminder" for one in planned)
    return Summary(
        definition=definition,
        n_people=n_people,
        n_teams=n_teams,
        n_messages=len(planned) - n_reminders,
        n_reminders=n_reminders,
        days=(planned[0].at.date(), planned[-1].at.date()) if planned else None,
        problems=tuple(problems),
    )


def waiting(one: Waiting, language: str) -> Iterator[Part]:
    """It in the reader's language, with the button where they may press it."""
    definition = one.summary.definition
    campaign = definition.campaign
    told = say(
        language, "Waits for a second person's approval. Asked for by {who}.", who=one.asked_by
    )
    title = pick(campaign.title, language, definition.default_language).strip()
    yield from (Divider(), Text(title), Text(told))
    yield Facts(tuple(_facts(one.summary, language)))
    command = f"bellwether campaign approve {campaign.key} --by {one.reader}"
    yield Note(say(language, "Every message in full: {command}", command=command))
    if one.may_approve:
        tap = Tap(Action.APPROVE, value=f"{campaign.key} {one.content}")
        yield Actions((Button(say(language, "Approve the launch"), tap, "primary"),))


def _facts(one: Summary, language: str) -> Iterator[tuple[str, str]]:
    yield (
        say(language, "Who gets it"),
        say(language, "people: {people} · teams: {teams}", people=one.n_people, teams=one.n_teams),
    )
    yield (
        say(language, "Messages a person"),
        say(
            language,
            "{n}; reminders: up to {reminders}; follow-ups come on top",
            n=one.n_messages,
            reminders=one.n_reminders,
        ),
    )
    if one.days is not None:
        first, last = (say_date(language, day) for day in one.days)
        days = say(language, "first {first}, last {last}", first=first, last=last)
        yield say(language, "If launched today"), days
    default = one.definition.default_language
    if asked := [pick(each.prompt, language, default).strip() for each in one.definition.asked()]:
        yield say(language, "The pulses ask"), _listed(asked, language)
    for label, severity in (
        (say(language, "Keeps it from being launched"), "error"),
        (say(language, "Worth a look"), "warning"),
    ):
        if found := [str(problem) for problem in one.problems if problem.severity == severity]:
            yield label, _listed(found, language)


def _listed(found: Sequence[str], language: str) -> str:
    shown = list(found[:MOST_LISTED])
    if len(found) > MOST_LISTED:
        shown.append(say(language, "and {n} more", n=len(found) - MOST_LISTED))
    return " · ".join(shown)
