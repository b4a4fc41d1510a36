"""A follow-up that offers a training of the catalogue: what it is, why it comes, and its buttons.

It names the competence because of which it comes and never what the person said of it. No number
of seats or of people is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.domain import phrases
from campaigns.domain.content import language_of
from campaigns.domain.definition import Competence, Definition, FollowUp, Level, Training, pick
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Facts,
    Heading,
    Link,
    Message,
    Note,
    Part,
    Tap,
    Text,
)
from campaigns.domain.offers import DID, HELPED, TAKE, Offer
from campaigns.domain.people import Person
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_date


@dataclass(frozen=True, slots=True)
class Standing:
    """What was pressed under the offer, and whether its seats are taken."""

    given: Mapping[str, int | str | None]
    full: bool = False


def offer(
    definition: Definition,
    touchpoint: FollowUp,
    person: Person,
    key: str,
    offered: Offer,
    standing: Standing,
) -> Message:
    """The follow-up with the training it offers, as it stands after these presses."""
    language = language_of(definition, person)
    training = next(t for t in definition.campaign.trainings if t.key == offered.training)
    competence = next(c for c in definition.campaign.competences if c.key == offered.competence)
    parts: list[Part] = [
        Heading(_words(definition, language, touchpoint.title)),
        Text(_words(definition, language, touchpoint.text)),
        Facts(tuple(_facts(definition, language, training, competence))),
        *([Text(_words(definition, language, training.text))] if training.text else []),
        *_standing(language, standing, training.link),
        Note(_why(definition, language, competence)),
    ]
    return Message(key, plain_text(parts, language), language, tuple(parts))


def _words(definition: Definition, language: str, by_language: dict[str, str]) -> str:
    return pick(by_language, language, definition.default_language).strip()


def _facts(
    definition: Definition, language: str, training: Training, competence: Competence
) -> list[tuple[str, str]]:
    formats = {
        "workshop": say(language, "Workshop"),
        "e_learning": say(language, "E-learning, at your own pace"),
        "on_the_job": say(language, "On the job"),
    }
    days = [say_date(language, day) for day in training.dates]
    return [
        (say(language, "Training"), _words(definition, language, training.title)),
        (say(language, "For"), _words(definition, language, competence.title)),
        (say(language, "How"), formats[training.format]),
        (say(language, "Level"), _level(language, training.level)),
        *([(say(language, "When"), "; ".join(days))] if days else []),
    ]


def _level(language: str, level: Level) -> str:
    match level:
        case Level.FOUNDATION:
            return say(language, "Foundation")
        case Level.INTERMEDIATE:
            return say(language, "Intermediate")
        case Level.ADVANCED:
            return say(language, "Advanced")
        case Level.HIGHLY_SPECIALISED:
            return say(language, "Highly specialised")


def _standing(language: str, standing: Standing, link: str | None) -> list[Part]:
    """What is to say after the presses so far, and what can be pressed next."""
    links = (Link(say(language, "About this training"), link),) if link else ()
    given = standing.given
    if HELPED in given:
        return [Text(say(language, "Thank you.")), *([Actions(links)] if links else [])]
    if DID in given:
        return [
            Text(say(language, "Well done. Did it help?")),
            Actions((*_helped(language), *links)),
        ]
    did = Button(say(language, "I did it"), Tap(Action.DID), "primary" if TAKE in given else "")
    if TAKE in given:
        kept = say(
            language,
            "A seat is kept for you here. To enrol, do as described above. Nobody else is told.",
        )
        back = Button(say(language, "I can’t take it"), Tap(Action.GIVE_BACK))
        return [Text(kept), Actions((did, back, *links))]
    take = Button(say(language, "I’ll take it"), Tap(Action.SEAT), "primary")
    wishes = (phrases.pause_button(language), phrases.fewer_button(language))
    return [*_waiting(language, standing.full), Actions((take, did, *links, *wishes))]


def _helped(language: str) -> tuple[Button, Button]:
    return (
        Button(say(language, "It helped"), Tap(Action.HELPED, value="yes")),
        Button(say(language, "It did not help"), Tap(Action.HELPED, value="no")),
    )


def _waiting(language: str, full: bool) -> list[Part]:
    if not full:
        return []
    note = say(
        language,
        "All seats are taken at this moment. When one becomes free, “I’ll take it” works again.",
    )
    return [Note(note)]


def _why(definition: Definition, language: str, competence: Competence) -> str:
    return say(
        language,
        "Chosen by a program because of what you said about “{competence}” and what your role "
        "asks for. No person looked at your answers for it, and nobody else learns that you got "
        "it or what you press here.",
        competence=_words(definition, language, competence.title),
    )
