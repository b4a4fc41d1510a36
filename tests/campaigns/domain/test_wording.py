"""Every sentence of ours exists in every language, with the same blanks to fill."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.wording import LANGUAGES, catalogue_path, nearest, say, say_count, say_date

ROOT = Path(__file__).parents[3]
TRANSLATED = [language for language in LANGUAGES if language != "en"]
_IN_TEMPLATE = re.compile(r"""\bwords\(\s*(?:"([^"]+)"|'([^']+)')""")


def sources() -> Iterator[str]:
    """Every English sentence that the code or a page hands to `say` or `say_count`."""
    for package in ("bot", "campaigns"):
        for file in (ROOT / package).rglob("*.py"):
            yield from _said(ast.parse(file.read_text(encoding="utf-8")))
        for file in (ROOT / package).rglob("*.html"):
            for double, single in _IN_TEMPLATE.findall(file.read_text(encoding="utf-8")):
                yield double or single


def _said(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        wanted = {"say": 1, "say_count": 2}.get(name, 0)
        for argument in node.args[1 : 1 + wanted]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def entries(language: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(source forms, translated forms) of every entry."""
    for message in catalogue(language):
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            texts = message.string or ""
            yield ids, (texts,) if isinstance(texts, str) else tuple(texts)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_has_exactly_the_sentences_of_the_code(language: str) -> None:
    known = {source for ids, _ in entries(language) for source in ids}
    used = set(sources())
    assert len(used) > 50
    assert sorted(used - known) == [], "without a translation"
    assert sorted(known - used) == [], "translated and not used"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_has_the_blanks_of_its_source(language: str) -> None:
    for ids, texts in entries(language):
        assert all(text.strip() for text in texts), ids
        allowed = blanks(ids[-1])
        for text in texts:
            one_is_spelt_out = len(ids) > 1 and blanks(text) == allowed - {"n"}
            assert blanks(text) == allowed or one_is_spelt_out, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_claims_anonymity(language: str) -> None:
    texts = [text for _, forms in entries(language) for text in forms] if language != "en" else []
    for text in [*texts, *sources()]:
        assert "anonym" not in text.lower()
        assert "anónim" not in text.lower()


def test_say_speaks_the_language_of_the_reader() -> None:
    assert say("de", "Skip") == "Überspringen"
    assert say("fr-CA", "Skip") == "Passer"
    assert say("ES", "Skip") == "Saltar"


def test_say_is_english_when_the_language_or_the_sentence_is_unknown() -> None:
    assert say("tr", "Skip") == "Skip"
    assert say("de", "A sentence nobody translated {n}", n=1) == "A sentence nobody translated 1"


def test_say_leaves_braces_in_values_alone() -> None:
    title = "{language} {0} %s"
    assert title in say("de", "Choose one: {labels}", labels=title)


def test_say_count_uses_the_grammar_of_the_language() -> None:
    one, many = "{n} day ago", "{n} days ago"
    assert [say_count("de", one, many, n) for n in (1, 2)] == ["vor 1 Tag", "vor 2 Tagen"]
    assert say_count("fr", one, many, 0) == "il y a 0 jour"
    assert say_count("en", one, many, 0) == "0 days ago"


def test_say_date_names_the_weekday_as_people_write_it() -> None:
    day = date(2027, 1, 12)
    assert say_date("en", day) == "Tuesday, 12 January 2027"
    assert say_date("de-AT", day) == "Dienstag, 12. Januar 2027"
    assert say_date("pl", day) == say_date("en", day)


@given(st.text(max_size=20))
def test_any_language_code_is_answered(language: str) -> None:
    assert nearest(language) in LANGUAGES
    assert say(language, "Skip")
