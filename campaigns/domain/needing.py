"""What a person in need reads, and what the one reads whom they ask to get in touch.

The first is for that person alone. The second holds who asks and how to reach them, and nothing of
why: no word, no score, and not that a program chose anything.
"""

from campaigns.domain.content import language_of
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
    Tap,
    Text,
)
from campaigns.domain.people import Person
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say


def help_message(
    definition: Definition, person: Person, key: str, contact: str = "", asked: bool = False
) -> Message:
    """Whom to turn to, for a person whose words sound like need; sent to that person alone.

    `contact` is the name of who would get in touch if the person agrees; `asked`: they did.
    """
    language = language_of(definition, person)
    contacts = tuple(
        (pick(contact.name, language, definition.default_language).strip(), contact.contact)
        for contact in definition.campaign.help_contacts
    )
    listen = say(
        language,
        "Something you wrote sounded as if things are hard right now. "
        "These people listen, in confidence, and they know what can help:",
    )
    danger = say(
        language,
        "If you or someone else is in danger right now, please call the emergency services.",
    )
    parts: list[Part] = [
        Heading(say(language, "You don't have to carry this alone")),
        Text(listen),
        Facts(contacts),
        Text(danger),
        *_offer(language, contact, asked),
        Note(_who_knows(language, contact, asked)),
    ]
    return Message(key, plain_text(parts, language), language, tuple(parts))


def _offer(language: str, contact: str, asked: bool) -> list[Part]:
    """That somebody would get in touch, or that they were asked to."""
    if not contact:
        return []
    if asked:
        receipt = say(
            language,
            "You asked {name} to get in touch with you. {name} gets a message about that: your "
            "name, your team and how to reach you, and nothing else. If you hear nothing within "
            "a working day, please turn to the people above.",
            name=contact,
        )
        return [Text(receipt)]
    offer = say(
        language,
        "If you would rather not make the first step: {name} would get in touch with you. With "
        "one tap, {name} learns that you would like to talk, your name, your team and how to "
        "reach you; nothing of what you wrote, and not that a program noticed it. It is up to "
        "you.",
        name=contact,
    )
    label = say(language, "Ask {name} to get in touch", name=contact)
    short = say(language, "Please get in touch with me")
    return [Text(offer), Actions((Button(short, Tap(Action.REACH), "primary", label),))]


def _who_knows(language: str, contact: str, asked: bool) -> str:
    if contact and asked:
        return say(
            language,
            "Only you get this message. {name} was not told that you got it, and nobody was told "
            "what you wrote. No manager sees any of it.",
            name=contact,
        )
    return say(
        language,
        "Only you get this message. No manager sees it, and nobody was told: not that you got it, "
        "and not what you wrote. A program chose it and may have misread you; "
        "then there is nothing you need to do.",
    )


def contact_message(asker: Person, team: str, reader: Person, key: str) -> Message:
    """That somebody asks to be contacted, for the one whom the campaign names for it."""
    language = reader.language
    told = (
        (say(language, "Name"), asker.name),
        (say(language, "Team"), team),
        (say(language, "E-mail"), asker.email),
    )
    ask = say(
        language,
        "{name} would like you to get in touch. Please do so soon, in private and without telling "
        "anybody, and begin by asking what would help.",
        name=asker.name,
    )
    note = say(
        language,
        "{name} agreed to your being told this. Nobody else was told, and there is nothing more "
        "to know here: what it is about, {name} will say or not.",
        name=asker.first_name,
    )
    parts: list[Part] = [
        Heading(say(language, "Somebody would like to talk to you")),
        Text(ask),
        Facts(tuple((label, value) for label, value in told if value)),
        Note(note),
    ]
    return Message(key, plain_text(parts, language), language, tuple(parts))


def gone(language: str, key: str) -> Message:
    """That a request is no longer kept."""
    parts: list[Part] = [
        Heading(say(language, "Somebody would like to talk to you")),
        Text(say(language, "This request is no longer kept.")),
    ]
    return Message(key, plain_text(parts, language), language, tuple(parts))
