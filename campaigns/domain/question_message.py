"""A question as its change agents read it: whose it is where the asker said so, and what to do.

Of an unnamed question this file is given nothing but the campaign: no name, no team, no moment.
"""

from dataclasses import dataclass

from campaigns.domain.asking_message import ANSWER, QUESTION
from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Heading,
    Message,
    Part,
    Sealed,
    Tap,
    Text,
    TextBox,
)
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_count


@dataclass(frozen=True, slots=True)
class Received:
    """Where a question stands for the one who reads; `asker` is (name, team), None if unnamed.

    `answered_by` is a name; `waited` after how many days without an answer it went to more people.
    """

    asker: tuple[str, str] | None
    answered_by: str | None = None
    is_mine: bool = False
    published: bool = False
    waited: int | None = None


def question(received: Received, definition: Definition, language: str, key: str) -> Message:
    """The message of the delivery `key`, in the agent's language."""
    title = pick(definition.initiative.title, language, definition.default_language).strip()
    parts: list[Part] = [
        Heading(say(language, "A question about {campaign}", campaign=title)),
        Text(_from_whom(received, language)),
        Sealed(say(language, "The question"), Tap(Action.READ, QUESTION)),
    ]
    if received.answered_by is None:
        parts.append(_reply(received, language))
    else:
        parts += [
            Text(_answered(received, language)),
            Sealed(say(language, "The answer"), Tap(Action.READ, ANSWER)),
        ]
        if received.is_mine:
            parts += _publishing(received, language)
    return Message(key, plain_text(parts, language), language, tuple(parts))


def gone(language: str, key: str) -> Message:
    """That the question was erased."""
    heading = Heading(say(language, "A question"))
    parts: list[Part] = [heading, Text(say(language, "This question is no longer there."))]
    return Message(key, plain_text(parts, language), language, tuple(parts))


def _from_whom(received: Received, language: str) -> str:
    if received.asker is not None:
        name, team = received.asker
        who = say(language, "{name} ({team}) asks, and wants you to know it.", name=name, team=team)
    else:
        who = say(
            language,
            "Somebody among those you look after asks without their name. Please don't look for "
            "who it was.",
        )
    if received.waited is None or received.answered_by is not None:
        return who
    late = say_count(
        language,
        "It has had no answer for {n} working day, so more people were asked.",
        "It has had no answer for {n} working days, so more people were asked.",
        received.waited,
    )
    return f"{who} {late}"


def _reply(received: Received, language: str) -> TextBox:
    note = (
        say(language, "Your answer goes to the person who asks, with your name.")
        if received.asker is not None
        else say(
            language,
            "Your answer goes to the person who asks, with your name and some hours later: so you "
            "can't see whom it reaches.",
        )
    )
    return TextBox(
        question="",
        prompt=say(language, "Your answer"),
        submit_label=say(language, "Send answer"),
        tap=Tap(Action.REPLY),
        note=note,
    )


def _answered(received: Received, language: str) -> str:
    if received.is_mine:
        return say(language, "You have answered this.")
    return say(language, "{name} has answered this.", name=received.answered_by or "")


def _publishing(received: Received, language: str) -> list[Part]:
    if received.published:
        out = Button(say(language, "Take it out"), Tap(Action.UNPUBLISH))
        there = say(language, "It stands among the campaign's questions and answers.")
        return [Text(there), Actions((out,))]
    form = TextBox(
        question="",
        prompt=say(language, "The question in your words, so that nobody can tell who asked"),
        submit_label=say(language, "Publish"),
        tap=Tap(Action.PUBLISH),
        opener=say(language, "Publish for everybody"),
        note=say(
            language,
            "Everybody in the campaign can then read it, with your answer; to write that anew, "
            "too, leave a line empty below the question. Words of the one who asked are refused, "
            "six in a row or a shorter question as a whole, because nobody has agreed to be "
            "quoted.",
        ),
    )
    return [form]
