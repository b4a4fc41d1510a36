"""What stands around the messages is translated into every language the bot speaks."""

import re
from pathlib import Path

import pytest

from bot.web import app
from campaigns.domain.wording import LANGUAGES, say

TEMPLATES = Path(app.__file__).parent / "templates"
# The same word in English and French, or in both cases right as it is.
SAME = {("fr", "Messages")}


def spoken() -> set[str]:
    """Every sentence that a template says in the reader's language."""
    return {
        sentence
        for template in TEMPLATES.glob("*.html")
        for sentence in re.findall(r"""words\(["'](.+?)["']\)""", template.read_text("utf-8"))
    }


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_around_the_messages_is_translated(language: str) -> None:
    missing = {
        sentence
        for sentence in spoken()
        if say(language, sentence) == sentence and (language, sentence) not in SAME
    }
    assert missing == set()
    assert len(spoken()) >= 8
