"""An import makes the directory say what the file says: all of it, once, or nothing."""

from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.people import Person, find_cycle
from campaigns.errors import PeopleFileError, StateError
from campaigns.flows.enrolling import import_people
from campaigns.storage import directory, wishes
from campaigns.storage.database import Database
from campaigns.storage.tables import metadata

DEMO = Path(__file__).parents[3] / "bot" / "demo" / "staff.csv"
HEADER = "id,name,team,parent_team,role,time_zone,agent_for\n"
FIRST = HEADER + (
    "P1,Ada,Agency,,head,UTC,Agency\n"
    "P2,Bea,Permits,Agency,clerk,UTC,Permits\n"
    "P3,Cea,Permits,Agency,clerk,UTC,\n"
    "P4,Dea,Archive,Agency,clerk,UTC,\n"
)


def people(database: Database) -> dict[str, Person]:
    with database.read() as connection:
        return {person.external_id: person for person in directory.roster(connection)}


def teams(database: Database) -> dict[str, str | None]:
    """Active team → its parent."""
    with database.read() as connection:
        tree = directory.tree(connection)
        active = directory.tree(connection, active_only=True).teams.values()
    return {t.name: tree.teams[t.parent_id].name if t.parent_id else None for t in active}


def test_import_takes_over_the_demo_file_and_a_second_time_changes_nothing(
    database: Database,
) -> None:
    content = DEMO.read_bytes()
    first = import_people(database, content)
    assert (len(first.added), len(first.teams_added), first.applied) == (398, 37, True)
    before = people(database)
    again = import_people(database, content)
    assert again.changes_nothing
    assert again.n_unchanged == 398
    assert people(database) == before


def test_import_reports_each_kind_of_change(database: Database) -> None:
    import_people(database, FIRST)
    second = HEADER + (
        "P1,Ada,Agency,,director,UTC,Agency\n"
        "P2,Bea,Phones,Permits,clerk,UTC,\n"
        "P3,Cea,Permits,Agency,clerk,UTC,Permits\n"
        "P5,Eva,Permits,Agency,clerk,UTC,\n"
    )
    report = import_people(database, second)
    assert report.added == ("P5",)
    assert report.changed == {"P1": ("role",)}
    assert report.moved == ("P2",)
    assert report.left == ("P4",)
    assert report.n_unchanged == 1
    assert report.teams_added == ("Phones",)
    assert report.teams_left == ("Archive",)
    assert (report.agents_added, report.agents_removed) == (1, 1)
    assert teams(database) == {"Agency": None, "Permits": "Agency", "Phones": "Permits"}
    assert not people(database)["P4"].active
    with database.read() as connection:
        permits = people(database)["P3"].team_id
        assert directory.agents_for(connection, permits) == [people(database)["P3"].id]


def test_person_is_the_same_row_when_they_come_back(database: Database) -> None:
    import_people(database, FIRST)
    before = people(database)["P4"]
    import_people(database, FIRST.replace("P4,Dea,Archive,Agency,clerk,UTC,\n", ""))
    report = import_people(database, FIRST)
    assert report.returned == ("P4",)
    assert report.teams_added == ("Archive",)
    assert people(database)["P4"] == before


def test_dry_run_tells_the_same_and_changes_nothing(database: Database) -> None:
    import_people(database, FIRST)
    second = FIRST.replace("clerk", "officer").replace("P4,Dea", "P6,Fay")
    before = people(database), teams(database)
    told = import_people(database, second, dry_run=True)
    assert (people(database), teams(database)) == before
    done = import_people(database, second)
    assert not told.applied
    assert (told.added, told.changed, told.left) == (done.added, done.changed, done.left)
    assert told.added == ("P6",)


def test_nothing_is_applied_when_one_row_is_bad(database: Database) -> None:
    import_people(database, FIRST)
    before = people(database)
    with pytest.raises(PeopleFileError, match='line 5, column "time_zone"'):
        import_people(
            database, FIRST.replace("Dea,Archive,Agency,clerk,UTC", "Dea,Archive,Agency,x,Mars")
        )
    assert people(database) == before


def test_skip_bad_takes_the_rest_and_leaves_whose_row_was_bad_as_they_are(
    database: Database,
) -> None:
    import_people(database, FIRST)
    broken = FIRST.replace("P4,Dea,Archive,Agency,clerk,UTC", "P4,Dea,Archives,Agency,x,Mars")
    broken = broken.replace("P2,Bea,Permits,Agency,clerk,UTC", "P2,Bea,Permits,Agency,x,Mars")
    broken = broken.replace("P1,Ada,Agency,,head", "P1,Ada,Agency,,boss")
    before = people(database)
    report = import_people(database, broken, skip_bad=True)
    assert (report.n_left_out, report.left, dict(report.changed)) == (2, (), {"P1": ("role",)})
    after = people(database)
    assert (after["P2"], after["P4"]) == (before["P2"], before["P4"])
    assert "Archive" in teams(database)
    assert report.agents_removed == 0


def test_nobody_is_marked_as_left_when_a_bad_row_does_not_say_whose_it_is(
    database: Database,
) -> None:
    import_people(database, FIRST)
    cut = FIRST.replace("P4,Dea,Archive,Agency,clerk,UTC,\n", "P4,Dea\n")
    report = import_people(database, cut, skip_bad=True)
    assert (report.n_nameless, report.left) == (1, ())
    assert people(database)["P4"].active


def test_skip_bad_is_refused_when_no_row_is_good(database: Database) -> None:
    with pytest.raises(PeopleFileError):
        import_people(database, HEADER + "P1,,A,,x,UTC,\n", skip_bad=True)


def test_import_refuses_a_file_that_more_than_half_are_missing_from(database: Database) -> None:
    import_people(database, FIRST)
    rest = HEADER + "P1,Ada,Agency,,head,UTC,Agency\n"
    with pytest.raises(StateError, match="3 of 4 people"):
        import_people(database, rest)
    assert import_people(database, rest, dry_run=True).mass_leave
    assert all(person.active for person in people(database).values())
    assert len(import_people(database, rest, allow_mass_leave=True).left) == 3


def test_cycle_changes_nothing_when_bad_rows_are_skipped(database: Database) -> None:
    cycle = HEADER + "P1,Ada,A,B,,UTC,\nP2,Bea,B,A,,UTC,\nP3,Cea,C,,,UTC,\n"
    with pytest.raises(PeopleFileError, match="no team can be above itself"):
        import_people(database, cycle, skip_bad=True)
    assert people(database) == {}


def test_tree_may_be_turned_round_when_the_file_says_so(database: Database) -> None:
    import_people(database, HEADER + "P1,Ada,A,,,UTC,\nP2,Bea,B,A,,UTC,\n")
    report = import_people(database, HEADER + "P1,Ada,A,B,,UTC,\nP2,Bea,B,,,UTC,\n")
    assert set(report.teams_moved) == {"A", "B"}
    assert teams(database) == {"A": "B", "B": None}


def test_columns_that_are_absent_leave_what_is_known(database: Database) -> None:
    full = "id,name,team,parent_team,language,time_zone,work_start,work_end,work_days,agent_for\n"
    full += "P1,Ada,Permits,Agency,de,Europe/Berlin,07:00,15:00,mon-thu,Permits\n"
    full += "P2,Bea,Permits,Agency,fr,Europe/Paris,07:00,15:00,mon-thu,\n"
    import_people(database, full)
    before = people(database)
    report = import_people(database, "id,name,team\nP1,Ada,Permits\nP2,Bea,Permits\n")
    assert report.changes_nothing
    assert people(database) == before
    assert teams(database) == {"Agency": None, "Permits": "Agency"}
    assert before["P1"].hours.start == time(7)


def test_pause_outlives_an_import(database: Database, now: datetime) -> None:
    import_people(database, FIRST)
    until = now + timedelta(days=3)
    with database.write() as connection:
        wishes.pause(connection, people(database)["P2"].id, until)
    import_people(database, FIRST.replace("clerk", "officer"))
    assert people(database)["P2"].paused_until == until
    assert people(database)["P2"].role == "officer"


def test_import_leaves_nothing_behind_when_it_breaks_half_way(
    sqlite_database: Database,
) -> None:
    with sqlite_database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON people WHEN NEW.external_id = 'P4' "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(Exception, match="disk full"):
        import_people(sqlite_database, FIRST)
    assert people(sqlite_database) == {}
    assert teams(sqlite_database) == {}


def test_tree_of_any_depth_is_taken_over(database: Database) -> None:
    rows = "".join(f"P{i},Ada,T{i},{f'T{i - 1}' if i else ''},,UTC,\n" for i in range(300))
    import_people(database, HEADER + rows)
    with database.read() as connection:
        tree = directory.tree(connection)
        deepest = people(database)["P299"].team_id
        assert len(list(tree.ancestors(deepest))) == 300


def test_team_stays_where_it_was_when_the_file_only_names_it_as_a_parent(
    database: Database,
) -> None:
    import_people(database, HEADER + "P1,Ada,A,,,UTC,\nP2,Bea,B,A,,UTC,\nP3,Cea,C,B,,UTC,\n")
    report = import_people(database, HEADER + "P1,Ada,A,,,UTC,\nP3,Cea,C,B,,UTC,\n")
    assert report.teams_moved == report.teams_left == ()
    assert teams(database) == {"A": None, "B": "A", "C": "B"}


def test_what_is_known_gives_way_when_the_file_turns_the_tree_round(database: Database) -> None:
    import_people(database, HEADER + "P1,Ada,A,,,UTC,\nP2,Bea,B,A,,UTC,\n")
    import_people(database, HEADER + "P1,Ada,A,B,,UTC,\n")
    assert teams(database) == {"A": "B", "B": None}


ROWS = st.lists(
    st.tuples(
        st.integers(1, 8),
        st.sampled_from("ABCD"),
        st.sampled_from(["", *"ABCDE", "A > B"]),
        st.sampled_from(["UTC", "UTC", "Mars"]),
        st.sampled_from(["", "", "A", "B;C"]),
    ),
    min_size=1,
    max_size=8,
)


@given(files=st.lists(ROWS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_files_one_after_the_other_leave_a_tree_and_a_second_time_nothing_to_do(
    files: list[list[tuple[int, str, str, str, str]]],
) -> None:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/any.db")
        metadata.create_all(database.engine)
        for rows in files:
            text = HEADER + "".join(f"P{i},Ada,{t},{p},,{z},{a}\n" for i, t, p, z, a in rows)
            try:
                import_people(database, text, skip_bad=True, allow_mass_leave=True)
            except PeopleFileError:
                continue
            again = import_people(database, text, skip_bad=True, allow_mass_leave=True)
            assert again.changes_nothing
            assert find_cycle(teams(database)) == []
            with database.read() as connection:
                active = directory.tree(connection, active_only=True).teams
                assert {one.team_id for one in directory.everyone(connection)} <= set(active)
        database.close()
