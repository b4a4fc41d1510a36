"""A file that somebody names on the command line, read whole, or a sentence about why not.

It must never read without end: what is named may be a device, or not the file that was meant.
"""

from pathlib import Path

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
