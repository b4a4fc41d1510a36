"""What people chose in a period, as labels that can be counted."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from campaigns.domain.definition import Question
from campaigns.domain.periods import Span
from campaigns.storage import picks
from campaigns.storage.database import Database
from campaigns.storage.tables import answers
from tests.agency import Agency

CLEAR = Question(key="clear", kind="scale", prompt={"": "It is clear."})


def test_picks_are_choices_and_sides_of_scales_without_a_stance(
    database: Database, now: datetime
) -> None:
    agency = Agency(database, now, [3])
    person, other = agency.staff[agency.teams[0]][:2]
    period = Span(now, now + timedelta(weeks=4))
    questions = [*agency.campaign.definition.campaign.questions, CLEAR]
    with database.write() as c:
        agency.ask(c, now, [(one, agency.teams[0], (4, None)) for one in (person, other)])
        rows = {row.person_id: dict(row._mapping) for row in c.execute(select(answers))}
        for row in rows.values():
            del row["id"]
        given: list[dict[str, object]] = [
            {"question": "hurdle", "kind": "choice", "number": None, "choice": "time"},
            {"question": "clear", "kind": "scale", "number": 5},
            {"question": "nobody-asks-that", "kind": "choice", "choice": "time"},
            {"question": "why", "kind": "skip", "number": None},
        ]
        for one in given:
            c.execute(insert(answers).values(**rows[person] | one))
        late = {"question": "hurdle", "kind": "choice", "choice": "time", "answered_at": period.end}
        c.execute(insert(answers).values(**rows[other] | late))
        found = picks.of_period(c, agency.campaign.id, questions, period)
    assert found == {person: {("hurdle", "time"), ("clear", "high")}}
