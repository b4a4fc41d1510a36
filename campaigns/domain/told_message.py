"""What a group reads when it is told back: "You said, we did".

It repeats a theme that was released of the group and the words of whoever decided, and no word that
anybody answered. All people of the group read the same, whether they answered or not.
"""

from dataclasses import dataclass

from campaigns.domain import phrases
from campaigns.domain.content import language_of
from campaigns.domain.definition import Definition
from campaigns.domain.ledger import Course, Entry, words
from campaigns.domain.messages import Actions, Facts, Heading, Message, Note, Part, Text
from campaigns.domain.naming import theme_name
from campaigns.domain.people import Person
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_date


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with names in it: `group` is "" for everybody, `owner` who answers for it."""

    entry: Entry
    group: str
    owner: str


def told(one: Told, definition: Definition, person: Person, key: str) -> Message:
    """What the person's group said, what is done about it, by whom and until when."""
    language = language_of(definition, person)
    parts: list[Part] = [
        Heading(say(language, "You said, we did")),
        *said_and_done(one, definition, language),
        Note(
            say(
                language,
                "All people of this group whom the campaign writes to get this, whoever answered "
                "and whoever did not.",
            )
        ),
        Actions((phrases.pause_button(language), phrases.fewer_button(language))),
    ]
    return Message(key, plain_text(parts, language), language, tuple(parts))


def said_and_done(one: Told, definition: Definition, language: str) -> list[Part]:
    """The entry itself, wherever it is shown."""
    default = definition.default_language
    text = words(one.entry.decision.text, language, default)
    parts: list[Part] = [
        Text(_said(one, language)),
        Text(_done(one.entry.decision.course, text, language)),
    ]
    if one.entry.decision.course is Course.DROPPED:
        why = words(one.entry.decision.reason, language, default)
        parts.append(Text(say(language, "The reason: {text}", text=why)))
    day = say_date(language, one.entry.decision.due_on)
    parts.append(Facts(((say(language, "Responsible"), one.owner), (_when(one, language), day))))
    return parts


def _said(one: Told, language: str) -> str:
    theme = theme_name(language, one.entry.voice.theme)
    if not one.group:
        return say(language, "You said: “{theme}” is a topic for everybody.", theme=theme)
    return say(language, "You said: “{theme}” is a topic in {group}.", theme=theme, group=one.group)


def _done(course: Course, text: str, language: str) -> str:
    match course:
        case Course.DONE:
            return say(language, "We did: {text}", text=text)
        case Course.PLANNED:
            return say(language, "We will do: {text}", text=text)
        case Course.DROPPED:
            return say(language, "We did not do: {text}", text=text)


def _when(one: Told, language: str) -> str:
    match one.entry.decision.course:
        case Course.DONE:
            return say(language, "Done on")
        case Course.PLANNED:
            return say(language, "To be done by")
        case Course.DROPPED:
            return say(language, "Decided on")
