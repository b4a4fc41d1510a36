"""Finding staff by any word of name, team or role, on both kinds of database."""

import pytest

from campaigns.storage import directory
from campaigns.storage.database import Database
from campaigns.storage.staff_search import search
from tests.people import clerk

STAFF = [
    ("a", "Zoe Able", "North", "clerk"),
    ("b", "Bo 100% _under", "North", "inspector"),
    ("c", "Ada Back\\slash", "Archive", "clerk"),
]


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as c:
        for external_id, name, team, role in STAFF:
            team_id = directory.put_team(c, team)
            directory.put(c, clerk(external_id, team_id, name=name, role=role))
    return database


def found(database: Database, text: str, offset: int = 0, limit: int = 10) -> list[str]:
    with database.read() as c:
        return [one.external_id for one in search(c, text, offset, limit)]


def test_search_finds_everybody_by_team_then_name_when_nothing_is_asked(filled: Database) -> None:
    assert found(filled, "") == ["c", "b", "a"]
    assert found(filled, "  ") == ["c", "b", "a"]


def test_search_needs_every_word_somewhere(filled: Database) -> None:
    assert found(filled, "clerk NORTH") == ["a"]
    assert found(filled, "able zoe") == ["a"]
    assert found(filled, "clerk inspector") == []


@pytest.mark.parametrize(("text", "who"), [("%", ["b"]), ("_", ["b"]), ("\\", ["c"])])
def test_search_takes_wildcards_literally(filled: Database, text: str, who: list[str]) -> None:
    assert found(filled, text) == who


def test_search_gives_a_page_at_a_time(filled: Database) -> None:
    assert found(filled, "", 0, 2) + found(filled, "", 2, 2) == ["c", "b", "a"]


def test_search_leaves_out_who_left(filled: Database) -> None:
    with filled.write() as c:
        directory.deactivate(c, [directory.person_by_external_id(c, "a").id])
    assert found(filled, "clerk") == ["c"]
