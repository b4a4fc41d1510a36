import csv
import io
import json

import pytest

from bot.answer_file import read
from bot.improvising import MOST_QUESTIONS, UNPROMPTED, Improvised
from campaigns.domain.definition import Pulse
from campaigns.errors import InputError


def _improvised(*rows: dict[str, object]) -> Improvised:
    return Improvised(read("\n".join(json.dumps(row) for row in rows).encode(), "a.jsonl"))


def _row(**values: object) -> dict[str, object]:
    return {"person": "p1", "at": "2027-01-13T10:00:00Z", "team": "Red", **values}


def test_improvised_campaign_asks_every_question_of_the_file() -> None:
    made = _improvised(
        _row(question="How is it?", text="fine"),
        _row(question="How is it?", scale=4),
        _row(text="x"),
    )
    definition = made.definition("Old survey")
    prompts = [(one.prompt[""], one.kind) for one in definition.campaign.questions]
    assert prompts == [("How is it?", "text"), ("How is it?", "scale"), (UNPROMPTED, "text")]
    assert set(made.rows()[1].answers.values()) == {4}
    assert made.rows()[1].answers.keys() <= {one.key for one in definition.campaign.questions}


def test_improvised_weeks_cover_every_answer() -> None:
    made = _improvised(_row(text="x"), _row(at="2027-01-31T23:00:00Z", text="y"))
    assert made.starts_at.isoformat() == "2027-01-11T00:00:00+00:00"
    assert made.weeks == 3
    assert made.starts_at <= min(row.at for row in made.rows())
    assert max(row.at for row in made.rows()) < made.ends_at


def test_improvised_pulses_hold_at_most_five_questions() -> None:
    made = _improvised(*(_row(question=f"Question {n}?", text="x") for n in range(7)))
    pulses = [one for one in made.definition("t").campaign.touchpoints if isinstance(one, Pulse)]
    assert [len(pulse.questions) for pulse in pulses] == [5, 2]


def test_improvised_staff_has_each_person_once_in_the_last_team() -> None:
    made = _improvised(_row(text="x"), _row(text="y", team="Blue"), _row(person="p2", text="z"))
    rows = list(csv.DictReader(io.StringIO(made.staff_csv().decode())))
    assert [(row["id"], row["team"]) for row in rows] == [("p1", "Blue"), ("p2", "Red")]


def test_improvised_refuses_too_many_questions() -> None:
    made = _improvised(*(_row(question=f"Q{n}", text="x") for n in range(MOST_QUESTIONS + 1)))
    with pytest.raises(InputError, match="--campaign"):
        made.definition("Old survey")


def test_improvised_refuses_a_span_of_years() -> None:
    with pytest.raises(InputError, match="weeks"):
        _improvised(_row(text="x"), _row(at="2040-01-01", text="y"))


@pytest.mark.parametrize("title", ["x" * 255, "  ", "Old survey"])
def test_improvised_campaign_has_a_title_whatever_the_file_is_called(title: str) -> None:
    assert _improvised(_row(text="x")).definition(title).campaign.title[""]
