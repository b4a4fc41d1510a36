"""Golden files: what people read, word by word, for whoever changes a word to look at."""

import os
from pathlib import Path


def compare(file: Path, text: str) -> None:
    """The text is as in the file; UPDATE_GOLDEN=1 writes the file anew."""
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
