"""What a person reads who asks: the form below their messages, how it stands, the answer, the FAQ.

Each sentence about what is hidden must stay true word by word, and says what is not hidden, too:
whoever changes how questions are passed on changes it here in the same commit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from campaigns.domain.asking import FEW, LONGEST_PUBLISHED, Naming, QuestionState
from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import (
    Action,
    Actions,
    Button,
    Heading,
    Message,
    Note,
    Part,
    Sealed,
    Tap,
    Text,
    TextBox,
)
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_count

QUESTION, ANSWER = "question", "answer"  # which words a `Sealed` part stands for
AT_ONCE = 8  # so many answers of 1,000 characters fit into every chat's window
MOST_LISTED = 10 * AT_ONCE


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its asker sees it; `n_looked_after` people have the same change agents."""

    state: QuestionState
    named: bool
    n_looked_after: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer that everybody may read."""

    question: str
    answer: str


def with_form(message: Message, definition: Definition) -> Message:
    """The message, with a form below it to ask something about the campaign."""
    parts = (*message.parts, form(definition, message.language))
    return replace(message, parts=parts, fallback_text=plain_text(parts, message.language))


def form(definition: Definition, language: str, campaign: str = "") -> TextBox:
    """The form to ask in; `campaign` is its key, "" under a message of the campaign."""
    return TextBox(
        question="",
        prompt=say(language, "What would you like to know?"),
        submit_label=say(language, "Send question"),
        tap=Tap(Action.ASK, campaign),
        opener=say(language, "Ask a question"),
        note=what_is_hidden(definition, language),
        options_label=say(language, "Shall your change agent learn that you ask?"),
        options=(
            (Naming.UNNAMED, say(language, "No, without my name")),
            (Naming.NAMED, say(language, "Yes, with my name")),
        ),
    )


def what_is_hidden(definition: Definition, language: str) -> str:
    """What the change agent learns in each case, what can still give one away, and for how long
    it is kept."""
    unnamed = say(
        language,
        "Without your name, your change agent gets your words alone, at a full hour some hours "
        "later and in no order. The answer reaches you in the same way.",
    )
    guess = say(
        language,
        "What you ask about and how you write can still give you away, the more so in a small "
        "team.",
    )
    operators = say(
        language,
        "Then no page, list or log shows anybody else who asked; whoever runs Bellwether or the "
        "chat itself could find out.",
    )
    erased = say_count(
        language,
        "Questions and answers are erased after {n} month.",
        "Questions and answers are erased after {n} months.",
        definition.campaign.confidentiality.erase_after_months,
    )
    more = _more_readers(definition, language)
    return " ".join((unnamed, operators, guess, *more, erased))


def _more_readers(definition: Definition, language: str) -> list[str]:
    """Who else may get the question, where the campaign names anybody."""
    if not definition.campaign.owners:
        return []
    later = say_count(
        language,
        "Without an answer for {n} working day, those responsible for the campaign get it, too.",
        "Without an answer for {n} working days, those responsible for the campaign get it, too.",
        definition.campaign.escalate_after_days,
    )
    return [later]


def asked(standing: Asked, definition: Definition, language: str, key: str) -> Message:
    """The receipt: where the question is, how many people it could be from, and the way back."""
    parts: list[Part] = [
        Heading(
            say(language, "Your question about {campaign}", campaign=_title(definition, language))
        )
    ]
    parts.append(Text(_where_it_is(standing, language)))
    parts.append(Sealed(say(language, "You asked"), Tap(Action.READ, QUESTION)))
    if not standing.named:
        parts.append(Note(_how_many(standing.n_looked_after, language)))
    if standing.state is QuestionState.WAITING and not standing.named:
        parts.append(Actions((Button(say(language, "Take it back"), Tap(Action.WITHDRAW)),)))
    return _message(key, language, parts)


def withdrawn(language: str, key: str) -> Message:
    """That a question was taken back before anybody saw it, or was erased by age."""
    heading = Heading(say(language, "Your question"))
    gone = say(language, "This question is no longer there.")
    return _message(key, language, [heading, Text(gone)])


def answered(agent: str, named: bool, definition: Definition, language: str, key: str) -> Message:
    """That somebody answered, with both texts sealed."""
    title = _title(definition, language)
    parts: list[Part] = [
        Heading(say(language, "An answer to your question about {campaign}", campaign=title)),
        Text(say(language, "{name} has answered you.", name=agent)),
        Sealed(say(language, "You asked"), Tap(Action.READ, QUESTION)),
        Sealed(say(language, "The answer"), Tap(Action.READ, ANSWER)),
    ]
    if not named:
        parts.append(Note(say(language, "{name} was not told that it was you.", name=agent)))
    return _message(key, language, parts)


def faq(
    entries: Sequence[Entry], definition: Definition, language: str, *, is_open: bool = True
) -> Message:
    """The campaign's questions and answers, in the order of their letters, so that it doesn't tell
    which came when; while the campaign `is_open`, with the form to ask another. Of no delivery."""
    parts: list[Part] = [_faq_heading(definition, language), *_with_answers(_in_order(entries))]
    if not entries:
        parts.append(Text(say(language, "Nothing has been published here yet.")))
    if is_open:
        parts.append(form(definition, language, definition.campaign.key))
    return _message("", language, parts)


def contents(entries: Sequence[Entry], definition: Definition, language: str) -> Message:
    """The questions alone, numbered in that order, for a page that has no room for the answers:
    a few at a time are shown by a button."""
    ordered, key = _in_order(entries)[:MOST_LISTED], definition.campaign.key
    parts: list[Part] = [_faq_heading(definition, language)]
    for first in range(0, len(ordered), AT_ONCE):
        some = ordered[first : first + AT_ONCE]
        lines = (f"{n}. {one.question}" for n, one in enumerate(some, first + 1))
        last = first + len(some)
        label = (
            say(language, "Read the answers")
            if len(ordered) <= AT_ONCE
            else say(language, "Answers {first}–{last}", first=first + 1, last=last)
        )
        button = Button(label, Tap(Action.FAQ, key, str(first)))
        parts += [Text("\n".join(lines)), Actions((button,))]
    if len(entries) > MOST_LISTED:
        more = len(entries) - MOST_LISTED
        parts.append(
            Note(say_count(language, "{n} more is not shown.", "{n} more are not shown.", more))
        )
    return _message("", language, parts)


def answers(entries: Sequence[Entry], first: int, definition: Definition, language: str) -> Message:
    """What stands behind such a button: these questions with their answers."""
    some = _in_order(entries)[first : first + AT_ONCE]
    parts: list[Part] = [_faq_heading(definition, language), *_with_answers(some)]
    if not some:
        parts.append(Text(say(language, "Nothing has been published here yet.")))
    return _message("", language, parts)


def _faq_heading(definition: Definition, language: str) -> Heading:
    title = _title(definition, language)
    return Heading(say(language, "Questions and answers about {campaign}", campaign=title))


def _with_answers(entries: Sequence[Entry]) -> Iterator[Part]:
    for entry in entries:
        yield Heading(entry.question[:LONGEST_PUBLISHED])
        yield Text(entry.answer)


def _in_order(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.question.casefold(), one.answer))


def _where_it_is(standing: Asked, language: str) -> str:
    match standing.state:
        case QuestionState.ANSWERED:
            return say(language, "It was answered; the answer comes in a message of its own.")
        case QuestionState.WAITING if not standing.named:
            return say(
                language,
                "It is kept for some hours and then passed on without your name. "
                "Until then you can take it back.",
            )
        case _ if standing.named:
            return say(language, "It goes to your change agent, with your name.")
        case _:
            return say(language, "It has been passed on without your name.")


def _how_many(n_looked_after: int, language: str) -> str:
    if n_looked_after < FEW:
        return say(
            language,
            "Fewer than {n} people have the same change agents as you: whoever reads it may well "
            "guess that it was you.",
            n=FEW,
        )
    return say(
        language,
        "{n} people or more have the same change agents as you. What you wrote, and how, may still "
        "tell.",
        n=FEW,
    )


def _title(definition: Definition, language: str) -> str:
    return pick(definition.initiative.title, language, definition.default_language).strip()


def _message(key: str, language: str, parts: list[Part]) -> Message:
    return Message(key, plain_text(parts, language), language, tuple(parts))
