"""A reader of the campaign of the demo, and what they find in a message."""

from pathlib import Path
from typing import TypeVar

from campaigns.domain.definition import Pulse
from campaigns.domain.messages import Action, Actions, Button, Message
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.reading import read

DEMO = read((Path(__file__).parents[3] / "bot" / "demo" / "campaign.yaml").read_bytes(), "demo")
PULSE = DEMO.touchpoint("pulse")
assert isinstance(PULSE, Pulse)
KEY = "0123456789abcdef"
PartT = TypeVar("PartT")


def reader(language: str = "en") -> Person:
    return Person(7, "P7", "Ada Reader", "", 1, "", "", language, "UTC", WorkingHours(), "")


def parts(message: Message, kind: type[PartT]) -> list[PartT]:
    return [part for part in message.parts if isinstance(part, kind)]


def buttons(message: Message) -> list[Button]:
    items = [item for row in parts(message, Actions) for item in row.items]
    return [item for item in items if isinstance(item, Button)]


def taps(message: Message) -> list[Action]:
    return [button.tap.action for button in buttons(message)]
