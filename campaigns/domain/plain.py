"""A message as plain text: for notifications, screen readers and chats without buttons.

It carries all of the sense: the question, what the ends of a scale mean, and how to answer.
"""

from collections.abc import Iterable

from campaigns.domain.messages import (
    Actions,
    Choices,
    Divider,
    Facts,
    Heading,
    Link,
    Note,
    Part,
    Picker,
    Scale,
    Sealed,
    Text,
    TextBox,
)
from campaigns.domain.wording import say


def plain_text(parts: Iterable[Part], language: str) -> str:
    """All parts in order, as paragraphs separated by a blank line."""
    paragraphs = (_paragraph(part, language) for part in parts)
    return "\n\n".join(text for text in paragraphs if text)


def _paragraph(part: Part, language: str) -> str:
    match part:
        case Heading(text) | Text(text) | Note(text):
            return text
        case Facts(facts):
            return "\n".join(f"{label}: {value}" for label, value in facts)
        case Scale():
            return f"{part.prompt}\n{_scale(part, language)}"
        case Choices():
            labels = " · ".join(label for _, label in part.options)
            return f"{part.prompt}\n{say(language, 'Choose one: {labels}', labels=labels)}"
        case TextBox(opener=opener) if opener:
            return f"[{opener}]"
        case TextBox():
            how = say(language, "Open this message and write your answer in a few words.")
            return f"{part.prompt}\n{how}"
        case Sealed():
            return say(language, "{label}: open this message to read it.", label=part.label)
        case Picker(chooses="person"):
            return f"[{part.label}]"
        case Picker():
            labels = " · ".join(label for _, label in part.options)
            return f"{part.label}: {labels}"
        case Actions(items):
            return "\n".join(
                f"{item.label}: {item.url}" if isinstance(item, Link) else f"[{item.label}]"
                for item in items
            )
        case Divider():
            return ""


def _scale(scale: Scale, language: str) -> str:
    return say(
        language,
        "Open this message and tap a number from 1 ({low}) to {points} ({high}).",
        low=scale.low_label,
        points=scale.points,
        high=scale.high_label,
    )
