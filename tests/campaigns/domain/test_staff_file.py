"""A staff file is read whole: what is right becomes rows, what is wrong is named by its place."""

import csv
import io
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import staff_file
from campaigns.domain.staff_cells import COLUMNS
from campaigns.errors import PeopleFileError

DEMO = Path(__file__).parents[3] / "bot" / "demo" / "staff.csv"
HEADER = "id,name,email,team,parent_team,role,location,language,time_zone,work_start,work_end"
HEADER += ",work_days,agent_for,champion,chat_id,holidays,away_from,away_until"
GOOD = "P1,Ada Example,ada@x.example,Permits,Agency,clerk,North,en,Europe/Berlin,08:00,16:30"
GOOD += ",mon-fri,,Yes,U1,DE-BY,2027-08-02,2027-08-20"
# Every text a message must not repeat, whatever is wrong.
PERSONAL = ("Ada", "ada@", "P1", "U1")


def problems(text: str | bytes) -> list[str]:
    return [str(problem) for problem in staff_file.read(text).problems]


def with_cell(column: str, cell: str) -> str:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: cell}
    out = io.StringIO()
    csv.writer(out).writerows([HEADER.split(","), list(cells.values())])
    return out.getvalue()


def test_file_of_the_demo_has_no_problem() -> None:
    staff = staff_file.read(DEMO.read_bytes())
    assert staff.problems == []
    assert len(staff.rows) == 398
    assert staff.parents["Agency of Norden"] is None
    assert {team for row in staff.rows for team in row.agent_for} <= set(staff.parents)


def test_row_holds_every_column_when_all_are_given() -> None:
    [row] = staff_file.read(f"{HEADER}\n{GOOD}\n").rows
    assert row == staff_file.StaffRow(
        line=2,
        id="P1",
        name="Ada Example",
        email="ada@x.example",
        team="Permits",
        parent_team=("Agency",),
        role="clerk",
        location="North",
        language="en",
        time_zone="Europe/Berlin",
        work_start=time(8),
        work_end=time(16, 30),
        work_days=frozenset(range(5)),
        agent_for=(),
        champion=True,
        chat_id="U1",
        holidays="DE-BY",
        away_from=date(2027, 8, 2),
        away_until=date(2027, 8, 20),
    )


def test_row_gets_defaults_when_only_the_required_columns_are_there() -> None:
    staff = staff_file.read("team,name,id\nPermits,Ada,P1\n")
    [row] = staff.rows
    assert (row.language, row.time_zone, row.email) == ("en", "UTC", "")
    assert (row.work_start, row.work_end) == (time(8), time(17))
    assert staff.columns == {"team", "name", "id"}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_file_is_read_whatever_program_saved_it(mark: str, newline: str, start: bytes) -> None:
    text = newline.join([HEADER, GOOD, "", ""]).replace(",", mark)
    staff = staff_file.read(start + text.encode())
    assert staff.problems == []
    assert [row.id for row in staff.rows] == ["P1"]


def test_line_is_where_the_row_begins_when_a_cell_has_line_breaks() -> None:
    text = 'id,name,team\nP1,"Ada\nExample",Permits\n\nP2,Bea,\n'
    staff = staff_file.read(text)
    assert [row.name for row in staff.rows] == ["Ada Example"]
    assert problems(text) == ['line 5, column "team": expected the name of one team, found nothing']


def test_formula_is_kept_as_the_text_it_is() -> None:
    [row] = staff_file.read('id,name,team\n=1+1,"=HYPERLINK(""http://x"")",@SUM(A1)\n').rows
    assert (row.id, row.name, row.team) == ("=1+1", '=HYPERLINK("http://x")', "@SUM(A1)")


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("id", "", 'the person\'s id without "/", found nothing'),
        ("id", "a/b", 'the person\'s id without "/"'),
        ("id", "..", 'the person\'s id without "/"'),
        ("name", " ", "a name, found nothing"),
        ("email", "ada@", "an address such as name@agency.example"),
        ("team", "A > B", 'the name of one team, found "A > B"'),
        ("language", "english!", 'a language code such as en or pt-BR, found "english!"'),
        (
            "time_zone",
            "Europe/Berln",
            'a time zone such as Europe/Berlin, found "Europe/Berln"; did you mean "Europe/Be',
        ),
        ("time_zone", "localtime", 'a time zone such as Europe/Berlin, found "localtime"'),
        ("work_start", "8 Uhr", 'a time such as 08:00, found "8 Uhr"'),
        ("work_end", "25:00", 'a time such as 17:00, found "25:00"'),
        ("work_end", "07:00", "a time after work_start (08:00), found 07:00"),
        ("work_days", "mon-fry", 'days such as mon-fri or mon,wed, found "mon-fry"'),
        (
            "agent_for",
            "Permit",
            'a team of this file, found "Permit"; did you mean "Permits"?',
        ),
        ("champion", "x", 'yes or no, found "x"'),
        (
            "holidays",
            "DE-BX",
            'a country or region such as DE-BY, FR or ES-MD, found "DE-BX"; did you mean "DE-',
        ),
        ("away_from", "2.8.2027", "a date such as 2027-08-31"),
        ("away_from", "2027-02-30", "a date such as 2027-08-31"),
        ("away_from", "", "a date, because away_until has one"),
        ("away_until", "", "a date, because away_from has one"),
        ("away_until", "2027-08-01", "a day that is not before away_from"),
        ("role", "x" * 101, "at most 100 characters, found 101"),
        ("role", "a\x1b[31mb", "a role without control characters"),
        ("name", "Ada \u202elepmaxE", "a name without control characters"),
    ],
)
def test_cell_is_named_with_what_was_expected_when_it_is_wrong(
    column: str, cell: str, expected: str
) -> None:
    [found] = problems(with_cell(column, cell))
    assert found.startswith(f'line 2, column "{column}": expected {expected}')
    assert not any(secret in found for secret in PERSONAL)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("Mon, Wed", {0, 2}),
        ("sat - tue", {5, 6, 0, 1}),
        ("tue;thu fri", {1, 3, 4}),
        ("sun", {6}),
        ("", {0, 1, 2, 3, 4}),
    ],
)
def test_days_are_understood_in_every_usual_form(cell: str, days: set[int]) -> None:
    [row] = staff_file.read(with_cell("work_days", cell)).rows
    assert row.work_days == days


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "id,name,team,time_zone,agent_for\n"
    text += "P1,Ada,A,Nowhere,\nP1,Bea,A,UTC,Z\nP3,Cea,A\nP4,,A,UTC,Z\n"
    places = [found.partition(":")[0] for found in problems(text)]
    assert places == [
        'line 2, column "time_zone"',
        'line 3, column "id"',
        "line 4",
        'line 5, column "name"',
    ]


def test_repeated_values_are_refused_with_the_first_line_and_not_the_value() -> None:
    text = "id,name,team,email,chat_id\nP1,Ada,A,ada@x.example,U1\nP1,Ada,A,ADA@x.example,U1\n"
    assert problems(text) == [
        'line 3, column "id": expected an id of its own, line 2 has it too',
        'line 3, column "email": expected an e-mail address of its own, line 2 has it too',
        'line 3, column "chat_id": expected a chat id of its own, line 2 has it too',
    ]
    empty = "id,name,team,email,chat_id\nP1,Ada,A,,\nP2,Bea,A,,\n"
    assert problems(empty) == []


def test_row_is_refused_when_it_has_another_number_of_cells() -> None:
    text = "id,name,team\nP1,Ada\nP2,Bea,A,extra\nP3,Cea,A,,\n"
    assert problems(text) == [
        "line 2: expected 3 cells, found 2",
        "line 3: expected 3 cells, found 4",
    ]


def test_left_out_rows_are_known_by_id_where_they_have_one() -> None:
    staff = staff_file.read("id,name,team\nP1,,A\n,Bea,A\nP3,Cea\nP4,Dea,A\n")
    assert staff.left_out_ids == {"P1"}
    assert (staff.n_left_out, staff.n_nameless) == (3, 2)
    assert [row.id for row in staff.rows] == ["P4"]


def test_teams_may_be_named_by_the_way_down_from_the_top() -> None:
    staff = staff_file.read("id,name,team,parent_team\nP1,Ada,C,A > B\nP2,Bea,B,\n")
    assert staff.problems == []
    assert staff.parents == {"A": None, "B": "A", "C": "B"}


def test_contradicting_parents_are_named_with_both_lines() -> None:
    text = "id,name,team,parent_team\nP1,Ada,C,A\nP2,Bea,C,B\n"
    assert problems(text) == [
        'line 3, column "parent_team": expected the same as before: "C" is below "A" on line 2'
    ]


def test_team_is_refused_when_it_differs_from_another_only_in_capitals() -> None:
    text = "id,name,team\nP1,Ada,Phone Line\nP2,Bea,phone line\n"
    assert problems(text) == [
        'line 3, column "team": "phone line" is written "Phone Line" on line 2'
    ]


def test_list_of_problems_ends_with_a_count_when_it_is_long() -> None:
    staff = staff_file.read("id,name,team\n" + ",,\nP,,\n" * 300)
    error = staff_file.listed(staff.problems)
    assert len(error.problems) == 51
    assert str(error).endswith(f"and {len(staff.problems) - 50:,} more problems like these")


def test_hints_are_given_to_what_is_listed_only_so_that_a_wrong_column_stays_fast() -> None:
    rows = "".join(f"P{i},Ada,A,Europe/Berln{i}\n" for i in range(2_000))
    found = problems(f"id,name,team,time_zone\n{rows}")
    assert sum("did you mean" in each for each in found) == 50


CELLS = st.text(max_size=20)


@given(st.lists(st.lists(CELLS, max_size=16), max_size=5))
def test_any_cells_give_rows_or_problems_and_no_other_error(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([list(COLUMNS), *rows])
    try:
        staff = staff_file.read(out.getvalue())
    except PeopleFileError:
        return
    assert len(staff.rows) + staff.n_left_out <= len(rows)


@given(name=CELLS, email=CELLS, chat_id=CELLS)
def test_no_message_repeats_a_personal_cell(name: str, email: str, chat_id: str) -> None:
    mark = "zqx"
    values = {"id": f"{mark}1", "name": mark + name, "email": mark + email, "team": "A"}
    values |= {"chat_id": mark + chat_id, "role": "\x07"}
    out = io.StringIO()
    csv.writer(out).writerows([list(values), list(values.values()), list(values.values())])
    try:
        found = problems(out.getvalue())
    except PeopleFileError as error:
        found = [str(error)]
    assert found
    assert mark not in "".join(found)
