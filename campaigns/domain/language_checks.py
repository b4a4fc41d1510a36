"""Whether everything is written in the languages of the campaign and of those who read it."""

from collections.abc import Collection, Iterator, Sequence

from campaigns.domain.definition import Definition
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, error, warning
from campaigns.domain.texts import leaves
from campaigns.domain.wording import LANGUAGES, nearest


def language_remarks(
    definition: Definition, spoken: Collection[str], reads: Collection[str] = ()
) -> Iterator[Remark]:
    """Texts that are missing, and words that no model reads; `spoken` are the languages of the
    audience, `reads` those of the model, where they are known."""
    languages = definition.campaign.languages
    for index, language in enumerate(languages):
        if language.split("-")[0] != nearest(language):
            yield warning(
                ("campaign", "languages", index),
                f"the bot's own words (buttons, confidentiality) come in {', '.join(LANGUAGES)}; "
                f'with "{language}" they are in English',
            )
    for path, words in leaves(definition, ()):
        if isinstance(words, dict):
            yield from _spoken(path, words, languages)
    yield from _follow_ups(definition, spoken)
    yield from _unread(definition, reads)


def _follow_ups(definition: Definition, spoken: Collection[str]) -> Iterator[Remark]:
    """What answers somebody's fear should be in their language, also in one the campaign lacks."""
    languages = definition.campaign.languages
    missing = {one for one in spoken if one not in languages and one.split("-")[0] not in languages}
    # A plain text counts for every language; in a campaign of one it is written in that one.
    keys = [
        one.key
        for one in definition.campaign.follow_ups
        if len(languages) == 1 or "" not in one.text
    ]
    if missing and keys:
        yield warning(
            ("campaign", "languages"),
            f"some of the audience read {', '.join(sorted(missing))}, and follow-ups have no text "
            f"for them; {definition.default_language} is shown: {', '.join(keys)}",
        )


def _unread(definition: Definition, reads: Collection[str]) -> Iterator[Remark]:
    """Languages in which people are asked for words that nothing follows from."""
    if not reads or all(one.kind != "text" for one in definition.campaign.questions):
        return
    for index, language in enumerate(definition.campaign.languages):
        if language.split("-")[0] not in reads:
            yield warning(
                ("campaign", "languages", index),
                f"the model reads {', '.join(reads)}: of what people write in {language}, no theme "
                "is told, no rule sends a reply, and nobody who sounds in need is offered help",
            )


def _spoken(path: Path, words: dict[str, str], languages: Sequence[str]) -> Iterator[Remark]:
    if "" in words:
        return
    default, *others = languages
    if default not in words:
        yield error(path, f"there is no text in {default}, the campaign's first language")
    if missing := [language for language in others if language not in words]:
        yield warning(path, f"there is no text in {', '.join(missing)}; {default} is shown")
    for language in words:
        if language not in languages:
            yield warning((*path, language), f'"{language}" is not among the languages: not shown')
