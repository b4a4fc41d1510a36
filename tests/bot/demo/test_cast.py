import re
from collections import Counter
from datetime import time

import pytest

from bot.commands.demo import LAUNCHED_AT, WEEKS
from bot.demo.cast import TURNING, Cast, read_lines
from campaigns.domain.people import Person, WorkingHours
from sentiment.likeness import read_corpus

TEAMS = {1: "Records and Archive", 2: "Finance and Accounts"}


def _people(n: int) -> list[Person]:
    hours = WorkingHours(time(8), time(17))
    return [
        Person(i, f"P{i}", f"N{i}", "", 1 + i % 2, "", "", "en", "UTC", hours, "")
        for i in range(n)
    ]  # fmt: skip


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def test_demo_texts_stand_in_no_training_set() -> None:
    trained_on = {_words(answer.text) for answer in read_corpus()}
    assert len(trained_on) > 2000
    assert not [line for line in read_lines().lines if _words(line.text) in trained_on]


def test_cast_plays_the_same_twelve_weeks_every_time() -> None:
    first = list(Cast(_people(40), TEAMS, seed=1).rows(LAUNCHED_AT, WEEKS))
    assert first == list(Cast(_people(40), TEAMS, seed=1).rows(LAUNCHED_AT, WEEKS))
    assert first != list(Cast(_people(40), TEAMS, seed=2).rows(LAUNCHED_AT, WEEKS))


def test_cast_turns_the_named_team_and_no_other() -> None:
    people = _people(120)
    team_of = {person.external_id: TEAMS[person.team_id] for person in people}
    low: Counter[tuple[str, bool]] = Counter()
    total: Counter[tuple[str, bool]] = Counter()
    for row in Cast(people, TEAMS, seed=1).rows(LAUNCHED_AT, WEEKS):
        week = (row.at - LAUNCHED_AT).days // 7
        if week == TURNING["Records and Archive"][0] - 1:
            continue  # answers of the week of the turn straddle the border
        cell = (team_of[row.person], week >= TURNING["Records and Archive"][0])
        total[cell] += 1
        low[cell] += int(row.answers["ready"]) <= 2
    share = {cell: low[cell] / total[cell] for cell in total}
    assert share["Records and Archive", True] > 0.5
    assert share["Records and Archive", False] < 0.3
    assert share["Finance and Accounts", True] < 0.3


def test_cast_uses_no_text_more_than_twice() -> None:
    rows = Cast(_people(300), TEAMS, seed=1).rows(LAUNCHED_AT, WEEKS)
    texts = Counter(v for row in rows for v in row.answers.values() if isinstance(v, str))
    assert texts.most_common(1)[0][1] <= 2


@pytest.mark.parametrize("label", ["resistant", "supportive", "neutral", "ambivalent"])
def test_demo_texts_have_every_stance_in_both_questions(label: str) -> None:
    found = {line.question for line in read_lines().lines if line.stance == label}
    assert found == {"comment", "obstacle"}
