"""The data-protection page can't go stale: every table is told of, and nothing else is."""

from campaigns.storage.inventory import holdings, missing
from campaigns.storage.tables import metadata


def test_every_table_has_an_entry_and_every_entry_a_table() -> None:
    untold, unknown = missing()
    assert untold == set(), "say in campaigns/storage/inventory.py what these are for"
    assert unknown == set()


def test_page_names_every_table_once_with_all_its_columns() -> None:
    lines = [line for _, part in holdings() for line in part]
    assert sorted(line.table for line in lines) == sorted(metadata.tables)
    for line in lines:
        assert line.columns == tuple(column.name for column in metadata.tables[line.table].columns)
        assert all(said.endswith(".") for said in (line.said.holds, line.said.kept))


def test_what_is_encrypted_is_told_where_words_are_stored() -> None:
    told = {line.table: line.encrypted for _, part in holdings() for line in part}
    assert told["answers"] == ("words",)
    assert told["questions"] == ("words", "answer")
    assert told["releases"] == ()


def test_tables_that_belong_to_people_say_so_and_those_of_nobody_do_not() -> None:
    who = {line.table for _, part in holdings() for line in part if line.names_people}
    assert {"answers", "scores", "consents", "counted", "people"} <= who
    assert who.isdisjoint({"loose_answers", "releases", "detector_states", "audit", "teams"})
