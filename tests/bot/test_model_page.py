"""The model card as a page: what it says, and what it never does."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from bot.model_page import model_page
from sentiment.baselines import Yardstick
from sentiment.evaluation import Figure
from sentiment.labels import Stance
from sentiment.slices import Miss
from tests.sentiment.test_report import CARD, report
from tests.sentiment.test_slices import answer

FIGURE = Figure(0.25, 0.2, 0.3)
ANSWERS = [
    answer(i, list(Stance)[i % 4], "quite unmistakable", author="Wilhelmina") for i in range(40)
]
WRONG = replace(
    report(ANSWERS),
    misses=(Miss("<b>7", Stance.RESISTANT, Stance.SUPPORTIVE, 0.01, 4.6),),
    confusion=((5, 0, 0, 3), (0, 9, 0, 0), (0, 0, 10, 0), (0, 1, 0, 8)),
    unsure=(2, 1, 0, 1),
)


@pytest.fixture(scope="module")
def page() -> str:
    return model_page(CARD, WRONG, [Yardstick("a word list", FIGURE, FIGURE, FIGURE)], "forty")


class Tags(HTMLParser):
    """Every element with its attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_page_says_how_well_it_reads_and_what_is_gained(page: str) -> None:
    assert "100 of 100" in page
    assert "a word list" in page
    assert "0.25 (0.20 to 0.30)" in page
    assert "reads “supportive” where a person said\n“resistant” (3 answers)" in page
    assert "On forty." in page
    assert '<td class="right">50<small>5</small></td>' in page


def test_page_leaves_out_what_was_not_measured() -> None:
    page = model_page(CARD, report(ANSWERS[:20]), [], "twenty")
    assert "Which answers are easy" not in page
    assert "What is gained" not in page
    assert "It made no mistake" in page
    assert "Off the topic" not in page


def test_page_holds_no_words_and_no_writer(page: str) -> None:
    assert "&lt;b&gt;7" in page
    assert "unmistakable" not in page
    assert "Wilhelmina" not in page
    assert "writer 1" in page


def test_page_is_whole_by_itself(page: str) -> None:
    tags = Tags(page).found
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object"}
    assert not [
        a for _, attributes in tags for a in attributes if a in ("src", "href") or a[:2] == "on"
    ]
    assert re.findall(r"url\(\"?([a-z]+:)", page) == ["data:"]
    assert "prefers-color-scheme: dark" in page


def test_page_can_be_read_without_its_pictures(page: str) -> None:
    tags = Tags(page).found
    pictures = [attributes for tag, attributes in tags if attributes.get("role") == "img"]
    assert len(pictures) == sum(tag == "svg" and "viewbox" in a for tag, a in tags) - 1  # the bell
    assert all(attributes["aria-label"] for attributes in pictures)
    assert all(attributes.get("scope") for tag, attributes in tags if tag == "th")
    assert page.count("<caption>") == page.count("<table")
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(next_ - level <= 1 for level, next_ in pairwise(levels))
    assert dict(tags)["html"]["lang"] == "en"
