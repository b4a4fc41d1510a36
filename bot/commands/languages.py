"""In which languages words are read, as commands about campaigns need to know."""

from __future__ import annotations

from collections.abc import Sequence


def reads() -> Sequence[str]:
    """The languages in which the model that is set can read words; none where it can't be opened,
    which `serve` and the doctor say."""
    from bot.settings import Settings
    from sentiment.card import read_card
    from sentiment.errors import SentimentError

    try:
        return read_card(Settings.load().model).languages
    except SentimentError:
        return ()
