"""A file on the command line: read whole, or refused in a sentence."""

from pathlib import Path

import pytest

from bot.commands.files import read_bytes
from campaigns.errors import InputError


def test_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"12345")
    assert read_bytes(tmp_path / "a.csv", 5, "a staff file") == b"12345"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/dev/zero", "zero is larger than 1 MB: is it a staff file?"),
        (".", "can't be read"),
        ("nowhere.csv", "nowhere.csv can't be read"),
        ("a" * 300, "can't be read"),
    ],
)
def test_file_is_refused_in_a_sentence_when_it_is_none(name: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(Path(name), 1_000_000, "a staff file")
    assert told in str(caught.value)
