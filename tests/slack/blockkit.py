"""Whether Slack would take these blocks: counts, lengths, and what may stand where."""

import secrets
from typing import Any, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.slack.members import Json

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def problems(blocks: Any, surface: Surface) -> list[str]:
    """What is wrong with them, by place; nothing for valid ones."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be an array [json-pointer:/blocks]"]
    found = []
    if len(blocks) > MOST_BLOCKS[surface]:
        most = MOST_BLOCKS[surface]
        found.append(f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        try:
            Block.parse(block).validate_json()  # type: ignore[union-attr]
        except (SlackObjectFormationError, AttributeError, TypeError) as error:
            found.append(f"[ERROR] {error} [json-pointer:/blocks/{number}]")
    return found


def view_problems(view: Json) -> list[str]:
    """The same for a whole window or Home page."""
    return problems(view.get("blocks"), view["type"])


def with_ids(blocks: list[Json]) -> list[Json]:
    """Copies in which every block has an id."""
    return [{"block_id": secrets.token_hex(3)} | block for block in blocks]
