"""What is no staff file is refused as a whole, and says why without a personal word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain import staff_file
from campaigns.errors import PeopleFileError


def refusal(text: str | bytes) -> str:
    with pytest.raises(PeopleFileError) as caught:
        staff_file.read(text)
    return str(caught.value)


def test_cycles_are_refused_by_name() -> None:
    text = "id,name,team,parent_team\nP1,Ada,A,B\nP2,Bea,B,C\nP3,Cea,C,A\nP4,Dea,D,D\n"
    told = refusal(text)
    assert '"B" below "C" below "A" below "B"' in told
    assert '"D" below "D"' in told
    assert told.startswith('line 2, column "parent_team": no team can be above itself')


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"id,name,team\n", "a header and no people"),
        (b"PK\x03\x04\x14\x00", "not text"),
        (b"id,name\x00,team\n", "not text"),
        ("id,name,team\n".encode("utf-16"), "UTF-16"),
        (b"id,name,team\nP1,J\xfcrgen,A\n", "line 2: expected UTF-8 text"),
        (b"id,name,team\r\nP1,J,A\r\nP1,J\xfcrgen,A\n", "line 3: expected UTF-8 text"),
        (b"P1,Ada,Permits\n", "line 1: expected a header with the columns id, name,"),
        (
            b"id,name,taem\n",
            'line 1, column "taem": there is no such column; did you mean "team"?',
        ),
        (b"id,name,team,zzz\n", 'column "zzz": there is no such column; known are id, name,'),
        (b"id,name,team,,role\n", 'column "": there is no such column'),
        (b"id,id,name,team\n", 'column "id": the column stands there twice'),
        (b"id,role\n", 'line 1: the column "name" is missing'),
        (b"id,name,team,work_start\n", '"work_start" and "work_end" need each other'),
        (b"id,name,team,away_until\n", '"away_from" and "away_until" need each other'),
        (b'id,name,team\nP1,"Ada,A\nP2,Bea,A\n', "line 2: a quotation mark opens a cell here"),
        (b"id,name,team\nP0," + b"x" * 200_000 + b",A\n", "line 2: a cell here is far too long"),
        (b'id,name,team\nP0,"x",A\nP1,"Ada"x,A\n', "line 3: a quotation mark opens a cell here"),
    ],
)
def test_file_is_refused_as_a_whole_when_it_is_no_table(content: bytes, told: str) -> None:
    found = refusal(content)
    assert told in found
    assert not any(secret in found for secret in ("Ada", "J\xfcrgen", "P1"))


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_refusal(content: bytes) -> None:
    for data in (content, b"id,name,team\n" + content):
        try:
            staff_file.read(data)
        except PeopleFileError:
            continue
