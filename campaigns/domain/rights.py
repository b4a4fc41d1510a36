"""What a person can do with what is kept about them: take a copy, or have it deleted.

Each sentence must stay true word by word: whoever keeps something new about a person says here what
becomes of it, in the same commit. Nothing here repeats what somebody answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.domain.messages import Action, Actions, Button, Heading, Link, Message, Part, Tap
from campaigns.domain.messages import Text as Paragraphs
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_count

COPY_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Gone:
    """How much was deleted of one person, by kind."""

    n_answers: int = 0
    n_questions: int = 0
    n_replies: int = 0  # messages that were chosen because of an answer


def card(language: str, copy: Link | None = None) -> Message:
    """The two rights with their buttons; `copy` where the chat can hand out a file itself."""
    parts: list[Part] = [
        Heading(say(language, "Your data")),
        Paragraphs(_what_goes(language)),
        Paragraphs(_what_stays(language)),
        Actions((copy or copy_button(language), _delete_button(language))),
    ]
    return _message(parts, language)


def copy_button(language: str) -> Button:
    """A copy of all that is kept, for the person alone."""
    return Button(_copy_label(language), Tap(Action.COPY))


def copy_link(language: str, url: str) -> Link:
    """The same where the chat shows it as an address."""
    return Link(_copy_label(language), url)


def _copy_label(language: str) -> str:
    return say(language, "Get a copy of my data")


def _delete_button(language: str) -> Button:
    return Button(
        say(language, "Delete my data"),
        Tap(Action.FORGET),
        "danger",
        ask=say(
            language,
            "All your answers and questions will be deleted for good, and what followed from "
            "them. This can’t be undone.",
        ),
        yes=say(language, "Yes, delete"),
    )


def _what_goes(language: str) -> str:
    return say(
        language,
        "You can take a copy of everything that is kept about you, or have it deleted: your "
        "answers, what a model read in them, the questions you asked, and the messages that were "
        "chosen for you because of an answer. Nobody is told of either.",
    )


def _what_stays(language: str) -> str:
    return say(
        language,
        "What can’t be deleted here: figures that were already published about groups, and for "
        "eight more periods that you were counted in them, so that nobody can work out anyone’s "
        "answer by comparing; what has already lost its link to you; your entry in the staff "
        "directory and your settings; that general messages reached you; and what a chat such as "
        "Slack keeps itself. Who has read a question of yours may notice that it is gone.",
    )


def here_it_is(language: str, url: str) -> Message:
    """The address of the copy, to be shown to the person alone and kept nowhere."""
    text = say_count(
        language,
        "This opens a page where you can save the copy. It works for {n} minute, and whoever has "
        "the address can use it: don’t pass it on.",
        "This opens a page where you can save the copy. It works for {n} minutes, and whoever has "
        "the address can use it: don’t pass it on.",
        COPY_MINUTES,
    )
    link = Link(say(language, "Open the page"), url)
    return _message([Heading(_copy_label(language)), Paragraphs(text), Actions((link,))], language)


def deleted(language: str, gone: Gone) -> str:
    """What was deleted, and that the rest stays."""
    told = ", ".join(_counted(language, gone))
    if not told:
        return say(language, "There was nothing to delete: no answer and no question of yours.")
    return say(
        language,
        "Deleted for good: {what}. What was already published about groups stays. Nobody is told.",
        what=told,
    )


def _counted(language: str, gone: Gone) -> Iterator[str]:
    if gone.n_answers:
        yield say_count(language, "{n} answer", "{n} answers", gone.n_answers)
    if gone.n_questions:
        yield say_count(language, "{n} question", "{n} questions", gone.n_questions)
    if gone.n_replies:
        yield say_count(
            language,
            "{n} message that replied to them",
            "{n} messages that replied to them",
            gone.n_replies,
        )


def busy(language: str) -> str:
    """That a message is on its way, so that nothing was deleted yet."""
    return say(
        language,
        "A message to you is on its way at this moment. Nothing was deleted; please press again "
        "in a few minutes.",
    )


def _message(parts: list[Part], language: str) -> Message:
    return Message("", plain_text(parts, language), language, tuple(parts))
