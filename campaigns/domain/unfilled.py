"""What a playbook leaves to be filled in: words in square brackets, in whatever text they stand.

Somebody in need must not be sent to "[number of staff counselling]", so no campaign goes out
while one is left. Only languages that the campaign has are looked at: others are never shown.
"""

import re
from collections.abc import Iterator

from campaigns.domain.definition import Definition
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, error
from campaigns.domain.texts import leaves

PLACEHOLDER = re.compile(r"\[[^\[\]]*[^\W\d_][^\[\]]*\]")  # with a letter in it, unlike "[1]"


def unfilled(definition: Definition) -> Iterator[tuple[Path, list[str]]]:
    """Each text that still has placeholders, and these, each once."""
    shown = {"", *definition.campaign.languages}
    for path, value in leaves(definition, ()):
        texts = value if isinstance(value, dict) else {"": value}
        for language, text in texts.items():
            if language in shown and (left := PLACEHOLDER.findall(text)):
                yield (*path, language) if language else path, list(dict.fromkeys(left))


def unfilled_remarks(definition: Definition) -> Iterator[Remark]:
    """One error for each of these texts."""
    for path, left in unfilled(definition):
        verb = "is" if len(left) == 1 else "are"
        yield error(path, f"{' and '.join(left)} {verb} still to be filled in")
