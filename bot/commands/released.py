"""`bellwether model released`: words that people released, in a file to be labelled by hand.

It must never show a word on the screen, and never say how few released any.
"""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.files import new_private_file

if TYPE_CHECKING:
    from campaigns.domain.confidentiality import ReleasedWords

# What a person has to fill in, in the format of `sentiment.data`; empty, so that nobody is led.
_LABELS = {"stance": "", "sentiment": "", "barrier": "", "themes": None, "safeguarding": None}


def released(
    out: Annotated[Path, typer.Argument(help="JSON Lines to write, an answer a line; a new file.")],
) -> None:
    """Write what people released to learn from, without names, for you to label.

    Only what its writer released, one by one, of campaigns where 10 people or more did.
    """
    from bot.clocks import system_now
    from bot.databases import database_of
    from bot.settings import Settings
    from campaigns.domain.audit import COMMAND_LINE, Deed
    from campaigns.domain.confidentiality import Withheld
    from campaigns.errors import StateError
    from campaigns.flows.auditing import note
    from campaigns.flows.releasing import released as all_released
    from campaigns.storage.schema import require_current
    from campaigns.storage.vault import Vault

    settings = Settings.load()
    vault = Vault(settings.data_keys.get_secret_value().split(","))
    with closing(database_of(settings)) as database:
        require_current(database)
        note(database, COMMAND_LINE, Deed.TOOK_WORDS, system_now())
        found = all_released(database, vault)
    if isinstance(found, Withheld):
        raise StateError(
            "Nothing was written: in no campaign have as many people as its `minimum_for_words` "
            "released something that they wrote, 10 at least. People are asked where a campaign "
            "has `learn_from_words: true`."
        )
    with new_private_file(out) as stream:
        for one in found:
            stream.write(_line(one))
    typer.echo(_after(out, len(found)))


def _line(one: ReleasedWords) -> str:
    row = {"id": secrets.token_hex(6), "question": one.question, "text": one.words, **_LABELS}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _after(out: Path, n: int) -> str:
    return (
        f"{n:,} answers are in {out}, in no order. Only you can read it.\n"
        "You now hold what people wrote, in trust. A program took out the names and contact "
        "details that it found: look for more, and don't try to tell who wrote what.\n"
        "1. Label: fill in the empty fields of each line; docs/learning.md says with what.\n"
        f"2. Train: bellwether model train --add {out} --out FOLDER\n"
        f"3. Delete {out} and every copy: consent that is taken back from now on doesn't reach it."
    )
