"""The neutral message that every chat renders, and what a person can do with it.

A message names no platform. A `Tap` says what a press means; the adapter seals it into a token
with the delivery and the person, so that no value on a button can be read or forged.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter


class Action(StrEnum):
    """Everything that a press or a form can mean."""

    ANSWER = "answer"  # question, value
    WRITE = "write"  # question; the text comes with the event
    SKIP = "skip"  # question
    NOT_NOW = "not_now"  # value, or the chosen text: hours to wait
    ACKNOWLEDGE = "acknowledge"  # "clear to me" under a vision message or follow-up
    ACCEPT = "accept"  # "yes, interested" under a follow-up (training, champion)
    SEAT = "seat"  # the next four, under an offered training: "I'll take it"
    GIVE_BACK = "give_back"  # and the way back, until it is done
    DID = "did"  # "I did it"
    HELPED = "helped"  # value: yes or no
    PAUSE = "pause"  # value: days; no campaign message until then
    RESUME = "resume"
    FEWER = "fewer"  # at most one campaign message a week from now on
    USUAL = "usual"  # as many as are planned
    HELD = "held"  # what is kept about the person, to be shown to them alone
    COPY = "copy"  # a copy of all of that, to them alone
    FORGET = "forget"  # all that they answered and asked is deleted
    RELEASE = "release"  # a model may learn from the words written under this message
    TAKE_BACK = "take_back"  # and the way back
    REACH = "reach"  # whom the campaign names for it may get in touch with the person
    TAKE = "take"  # the next five: a change agent's alert; value is its version
    SNOOZE = "snooze"  # value: version; the text is the number of days
    HAND_OVER = "hand_over"  # value: version; the text is the other agent's external id
    TRY = "try"  # value: version; the text is the key of the action that is tried
    CLOSE = "close"  # value: version; the text is the note, the choice its outcome
    ASK = "ask"  # question: the campaign's key, "" under a message; choice: named or unnamed
    WITHDRAW = "withdraw"  # the asker takes the question back
    REPLY = "reply"  # a change agent's answer to a question; the text comes with the event
    PUBLISH = "publish"  # into the campaign's FAQ; the text is the question in the agent's words
    UNPUBLISH = "unpublish"  # and out of it
    FAQ = "faq"  # some of it, to be shown: question is the campaign's key, value where to begin
    RESULTS = "results"  # of the person's own groups, and what is done about them, to be shown
    READ = "read"  # question: which `Sealed` part; gives the words and changes nothing
    APPROVE = "approve"  # the comms team's: a launch; value is campaign and content
    HALT = "halt"  # the comms team's: nothing of the campaign `value` goes out for now
    GO_ON = "go_on"  # and the way back
    ASK_NOW = "ask_now"  # its pulse goes on although nothing was told back


@dataclass(frozen=True, slots=True)
class Tap:
    """What one press means, without who pressed and where: the token adds those."""

    action: Action
    question: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled tap; `description` is the longer label that a screen reader reads.

    With `ask`, the chat asks that first, and only a press on `yes` is the tap.
    """

    label: str
    tap: Tap
    style: Literal["", "primary", "danger"] = ""
    description: str = ""
    ask: str = ""
    yes: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs separated by a blank line; plain text, never markup."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: the confidentiality line, part n of m."""

    text: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value pairs, at most 10."""

    facts: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Scale:
    """One statement with 2 to 10 points; a tap on a point is `Tap(ANSWER, question, "4")`."""

    question: str
    prompt: str
    points: int
    low_label: str
    high_label: str
    kind: Literal["scale"] = "scale"


@dataclass(frozen=True, slots=True)
class Choices:
    """One question with named options; the value of the tap is the option's key."""

    question: str
    prompt: str
    options: tuple[tuple[str, str], ...]
    kind: Literal["choices"] = "choices"


@dataclass(frozen=True, slots=True)
class TextBox:
    """A field for free words, opened in a form of its own where the platform has one.

    With an `opener`, the label of what opens it, it stays folded up until it is wanted. `note` and
    `options` belong into the same form: small print, and one of a few named values, whose key comes
    as the event's `choice`; the first one is chosen from the beginning.
    """

    question: str
    prompt: str
    submit_label: str
    tap: Tap
    max_length: int = 1000
    opener: str = ""
    note: str = ""
    options_label: str = ""
    options: tuple[tuple[str, str], ...] = ()
    kind: Literal["text_box"] = "text_box"


@dataclass(frozen=True, slots=True)
class Picker:
    """Choose one of a few named values for a tap whose text is the chosen value.

    Where it `chooses` a person, the values are external ids of all who may be chosen: a chat with
    a people picker of its own may show that instead, and hands over the chosen one's external id.
    """

    label: str
    options: tuple[tuple[str, str], ...]
    tap: Tap
    submit_label: str = ""  # "" where the chat has a word of its own, such as "Send"
    chooses: Literal["option", "person"] = "option"
    kind: Literal["picker"] = "picker"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Words of a person that are in no message: who shows it asks for them at that moment (D10).

    A page that keeps nothing shows them in place. A chat with a history of its own puts a button
    with this label there, whose tap gives the words, for a form that closes again.
    """

    label: str
    tap: Tap
    kind: Literal["sealed"] = "sealed"


@dataclass(frozen=True, slots=True)
class Actions:
    """A row of at most 5 buttons and links."""

    items: tuple[Button | Link, ...]
    kind: Literal["actions"] = "actions"


@dataclass(frozen=True, slots=True)
class Divider:
    kind: Literal["divider"] = "divider"


Part = Annotated[
    Heading | Text | Note | Facts | Scale | Choices | TextBox | Picker | Sealed | Actions | Divider,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown; `key` is the delivery's opaque id, `fallback_text` has all of the sense."""

    key: str
    fallback_text: str
    language: str
    parts: tuple[Part, ...]
    importance: Literal["normal", "alert"] = "normal"


@dataclass(frozen=True, slots=True)
class Event:
    """What a person did to the message of a delivery; `text` and `choice` come with a form only.

    `delivery_key` is empty where it was no message, but the person's home or settings.
    """

    person_id: int
    delivery_key: str
    tap: Tap
    text: str | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person sees next: the message anew (None: unchanged) and a short word.

    `refused`: nothing was stored, and the short word says why. `aside` is for this person and this
    moment alone: it is shown and kept nowhere. `words` are those of a `Sealed` part, for the same.
    """

    message: Message | None
    toast: str = ""
    words: str = ""
    refused: bool = False
    aside: Message | None = None


_MESSAGE = TypeAdapter(Message)


def dump(message: Message) -> str:
    """The message as JSON text; `load` gives it back equal."""
    return _MESSAGE.dump_json(message).decode()


def load(text: str) -> Message:
    """The message that `dump` wrote."""
    return _MESSAGE.validate_json(text)
