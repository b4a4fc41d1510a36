"""What each message says: a campaign's texts and the bot's own words, as a neutral `Message`.

A person reads in their own language where the campaign has it, otherwise in the campaign's first.
A message must never show what somebody answered, not even to that person: chats keep messages.
"""

from datetime import datetime

from campaigns.domain import phrases
from campaigns.domain.consent import Consent
from campaigns.domain.definition import (
    DEFAULT_HIGH,
    DEFAULT_LOW,
    Definition,
    FollowUp,
    Pulse,
    Question,
    Reminder,
    Vision,
    pick,
)
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Choices,
    Heading,
    Link,
    Message,
    Note,
    Part,
    Scale,
    Tap,
    Text,
    TextBox,
)
from campaigns.domain.people import Person
from campaigns.domain.plain import plain_text
from campaigns.domain.pulses import Given, next_question, open_questions
from campaigns.domain.wording import say, say_date


def language_of(definition: Definition, person: Person) -> str:
    """The language this person reads the campaign in: theirs if the campaign has it."""
    return own_language(definition, person) or definition.default_language


def own_language(definition: Definition, person: Person) -> str | None:
    """The campaign's language that is this person's; None where it has none of theirs."""
    for wanted in (person.language, person.language.split("-")[0]):
        if wanted in definition.campaign.languages:
            return wanted
    return None


def vision(
    definition: Definition, touchpoint: Vision, person: Person, key: str, acknowledged: bool = False
) -> Message:
    """A piece of the vision; the campaign's first one explains how answers are protected."""
    language = language_of(definition, person)
    parts: list[Part] = [
        Heading(_text(definition, language, touchpoint.title)),
        Text(_text(definition, language, touchpoint.text)),
    ]
    if touchpoint.key == _first_vision(definition):
        parts.append(Note(phrases.how_it_works(definition, language)))
    parts += _clear_to_me(language, acknowledged, touchpoint.link)
    return _message(key, language, parts)


def reminder(
    definition: Definition,
    touchpoint: Reminder,
    person: Person,
    key: str,
    given: Given | None = None,
    closed: bool = False,
    consent: Consent | None = None,
) -> Message:
    """The reminder's own words above the question, so that one can answer right there.

    Once something was answered or the time is over it reads as its pulse does.
    """
    language = language_of(definition, person)
    asked = definition.touchpoint(touchpoint.when.pulse)
    if not isinstance(asked, Pulse):
        raise TypeError("a checked definition has reminders of pulses only")
    standing = pulse(definition, asked, person, key, given or {}, closed, consent=consent)
    if given or closed:
        return standing
    parts: list[Part] = [
        Heading(_text(definition, language, touchpoint.title)),
        Text(_text(definition, language, touchpoint.text)),
        *(part for part in standing.parts if not isinstance(part, Heading)),
    ]
    return _message(key, language, parts)


def follow_up(
    definition: Definition,
    touchpoint: FollowUp,
    person: Person,
    key: str,
    accepted: bool = False,
    acknowledged: bool = False,
) -> Message:
    """What a rule chose for this person; with `accepted` they have said yes to its invitation."""
    language = language_of(definition, person)
    parts: list[Part] = [
        Heading(_text(definition, language, touchpoint.title)),
        Text(_text(definition, language, touchpoint.text)),
    ]
    if accepted:
        parts.append(Text(phrases.after_yes(language)))
        parts.extend(_row(language, None, touchpoint.link))
    elif touchpoint.invite:
        label = _text(definition, language, touchpoint.invite)
        yes = Button(label, Tap(Action.ACCEPT), "primary")
        parts.extend(_row(language, yes, touchpoint.link))
    else:
        parts.extend(_clear_to_me(language, acknowledged, touchpoint.link))
    parts.append(Note(phrases.why_this(language)))
    return _message(key, language, parts)


def pulse(
    definition: Definition,
    pulse: Pulse,
    person: Person,
    key: str,
    given: Given,
    closed: bool,
    postponed: bool = False,
    consent: Consent | None = None,
) -> Message:
    """The pulse as it stands: its next question, or thanks, or that it is closed.

    `postponed`: the person has said "not now" and will be asked again. `consent` is how it stands
    with the words written here; it is asked at the end, in the same message.
    """
    language = language_of(definition, person)
    parts: list[Part] = [Heading(_text(definition, language, pulse.title))]
    question = next_question(definition, pulse, given)
    answered = any(value is not None for value in given.values())
    if question is None:
        parts.append(Text(phrases.after_pulse(definition, language, answered)))
        parts.extend(phrases.consent(language, consent))
    elif closed:
        parts.append(Text(phrases.after_close(language, answered)))
        parts.extend(phrases.consent(language, consent))
    else:
        promise = Note(phrases.confidentiality(definition, language))
        if not given:  # it is read before the first press, and looked up at the later ones
            text = [Text(_text(definition, language, pulse.text))] if pulse.text else []
            parts += [*text, promise]
        parts.extend(_progress(definition, language, pulse, given))
        parts.append(_ask(definition, language, question))
        parts.append(Actions((phrases.skip_button(language, question.key),)))
        if postponed:
            parts.append(Note(phrases.after_not_now(language)))
        else:
            parts.append(phrases.not_now_picker(language))
        if given:
            parts.append(promise)
    return _message(key, language, parts)


def moved(definition: Definition, pulse: Pulse, person: Person, key: str) -> Message:
    """That the questions of this pulse are asked in a newer message."""
    language = language_of(definition, person)
    heading = Heading(_text(definition, language, pulse.title))
    text = say(language, "These questions are further down now, in a newer message.")
    return _message(key, language, [heading, Text(text)])


def paused(definition: Definition, person: Person, key: str, until: datetime) -> Message:
    """That the person's messages rest until the day of `until`, and how to end that."""
    language = language_of(definition, person)
    text = say(
        language,
        "Your messages are paused until {day}. Nobody else is told.",
        day=say_date(language, until.date()),
    )
    button = phrases.resume_button(language)
    heading = Heading(say(language, "Messages paused"))
    return _message(key, language, [heading, Text(text), Actions((button,))])


def _message(key: str, language: str, parts: list[Part]) -> Message:
    return Message(key, plain_text(parts, language), language, tuple(parts))


def _text(definition: Definition, language: str, words: dict[str, str]) -> str:
    return pick(words, language, definition.default_language).strip()


def _first_vision(definition: Definition) -> str | None:
    visions = (t for t in definition.campaign.touchpoints if isinstance(t, Vision))
    return next((vision.key for vision in visions), None)


def _row(language: str, button: Button | None, link: str | None) -> list[Part]:
    """Buttons under a text; once the first has been pressed, only the link stays."""
    links = (Link(say(language, "Read more"), link),) if link else ()
    if button is None:
        return [Actions(links)] if links else []
    wishes = (phrases.pause_button(language), phrases.fewer_button(language))
    return [Actions((button, *links, *wishes))]


def _clear_to_me(language: str, acknowledged: bool, link: str | None) -> list[Part]:
    if acknowledged:
        return [Text(say(language, "Thank you.")), *_row(language, None, link)]
    clear = Button(say(language, "Clear to me"), Tap(Action.ACKNOWLEDGE), "primary")
    return _row(language, clear, link)


def _progress(definition: Definition, language: str, pulse: Pulse, given: Given) -> list[Part]:
    number = len(given) + 1
    total = len(given) + open_questions(definition, pulse, given)
    if total == 1:
        return []
    return [Note(say(language, "Question {number} of {total}", number=number, total=total))]


def _ask(definition: Definition, language: str, question: Question) -> Scale | Choices | TextBox:
    prompt = _text(definition, language, question.prompt)
    match question.kind:
        case "scale":
            low = scale_end(definition, language, question.low)
            high = scale_end(definition, language, question.high)
            return Scale(question.key, prompt, question.points, low, high)
        case "choice":
            options = tuple(
                (option.key, _text(definition, language, option.label))
                for option in question.options
            )
            return Choices(question.key, prompt, options)
        case "text":
            submit = say(language, "Send")
            return TextBox(question.key, prompt, submit, Tap(Action.WRITE, question.key))


def scale_end(definition: Definition, language: str, label: dict[str, str]) -> str:
    """What an end of a scale means; the two usual ends come translated."""
    if label == DEFAULT_LOW:
        return say(language, "Strongly disagree")
    if label == DEFAULT_HIGH:
        return say(language, "Strongly agree")
    return _text(definition, language, label)
