"""A file that somebody names on the command line, read whole or made anew, or a sentence why not.

It must never read without end: what is named may be a device, or not the file that was meant. And
it never writes over a file that is there.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from campaigns.errors import InputError


def read_bytes(file: Path, most_bytes: int, expected: str) -> bytes:
    """All of the file. Raises InputError where it can't be read or is longer than `most_bytes`.

    `expected` names what it should have been: "a staff file".
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror}.") from None
    if len(content) > most_bytes:
        size = f"{most_bytes // 1_000_000:,} MB"
        raise InputError(f"{file.name} is larger than {size}: is it {expected}?")
    return content


@contextmanager
def new_file(path: Path, mode: int = 0o666) -> Iterator[TextIO]:
    """A file that was not there before, with the rights of `mode` less what the system takes away.

    Raises InputError where there is one already, or none can be made.
    """
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise InputError(f"{path} exists already: name a new file.") from None
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}.") from None
    with os.fdopen(number, "w", encoding="utf-8", newline="") as stream:
        yield stream


def new_private_file(path: Path) -> AbstractContextManager[TextIO]:
    """The same, and nobody but its owner can read it."""
    return new_file(path, 0o600)
