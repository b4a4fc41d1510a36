"""Who is alike is read together, and nothing an audience or a calendar asks for is lost by it."""

from datetime import datetime
from typing import cast

from campaigns.domain.audience import belongs
from campaigns.domain.definition import Audience, Selection
from campaigns.domain.people import Person, Rhythm, WorkingHours
from campaigns.flows.planning import launch, plan
from campaigns.storage import directory, waves
from campaigns.storage.database import Database
from tests.sending import campaign, rows, staff


def test_page_puts_together_those_who_are_alike(database: Database) -> None:
    first = staff(database, 3)
    others = staff(database, 2, start=4, role="driver")
    early = WorkingHours(days=frozenset({0, 1}))
    third = staff(database, 1, start=6, hours=early, holidays="DE-BY")
    with database.read() as c:
        page = waves.page(c, 0, 100, [])
    assert [sorted(alike.ids) for alike in page] == [first, others, third]
    assert [alike.anybody.role for alike in page] == ["clerk", "driver", "clerk"]
    assert page[2].anybody.rhythm == Rhythm("UTC", early, "DE-BY")


def test_page_lets_somebody_stand_alone_when_a_list_names_them(database: Database) -> None:
    ids = staff(database, 4)
    with database.read() as c:
        page = waves.page(c, 0, 100, ["p2"])
    found = {alike.anybody.external_id: sorted(alike.ids) for alike in page}
    assert found == {"": [ids[0], ids[2], ids[3]], "p2": [ids[1]]}


def test_page_goes_on_after_an_id_and_leaves_out_who_has_left(database: Database) -> None:
    ids = staff(database, 5)
    with database.write() as c:
        directory.deactivate(c, [ids[2]])
    with database.read() as c:
        (alike,) = waves.page(c, ids[0], 2, [])
    assert sorted(alike.ids) == [ids[1], ids[3]]


class Noting:
    """A person whose attributes are asked for, and who notes which."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.asked.add(name)
        return getattr(self.person, name)


def test_page_keeps_all_that_an_audience_asks_for(sqlite_database: Database) -> None:
    staff(sqlite_database, 1, location="North")
    lists = {"teams": ["permits"], "roles": ["clerk"], "locations": ["north"], "languages": ["en"]}
    everything = Audience.model_validate({**lists, "people": ["p1"]})
    assert all(getattr(everything, name) for name in Selection.model_fields)
    with sqlite_database.read() as c:
        (alike,) = waves.page(c, 0, 1, ["p1"])
        (person,) = directory.page(c, 0, 1)
        noting = Noting(person)
        assert belongs(directory.tree(c), everything)(cast(Person, noting))
    assert len(noting.asked) == 1 + len(Selection.model_fields)
    for name in noting.asked | {"rhythm"}:
        assert getattr(alike.anybody, name) == getattr(person, name)


def test_keys_of_one_statement_begin_alike_and_differ(database: Database, now: datetime) -> None:
    early, late = WorkingHours(days=frozenset({0})), WorkingHours(days=frozenset({4}))
    staff(database, 3, hours=early)
    staff(database, 3, start=4, hours=late)
    launch(database, campaign(), now)
    plan(database, now)
    keys = [row.key for row in rows(database)]
    assert all(len(key) == 32 and int(key, 16) for key in keys)
    assert len(set(keys)) == 6
    assert [len({key[:8] for key in some}) for some in (keys[:3], keys[3:], keys)] == [1, 1, 2]
