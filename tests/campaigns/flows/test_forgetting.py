"""What a person deletes is gone, all of it or nothing; nobody else loses or learns a thing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from campaigns.domain.messages import Action
from campaigns.domain.outbox import State
from campaigns.domain.rights import Gone
from campaigns.flows import answering, auditing, closing, feeding
from campaigns.flows.forgetting import forget
from campaigns.flows.unlinking import unlink
from campaigns.flows.watching import close_periods
from campaigns.storage import consents, counted, detector_states, pseudonyms
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, deliveries, metadata
from campaigns.storage.tables import counted as counted_rows
from sentiment.fading import ANSWERS
from sentiment.watch import TeamDetector
from tests.agency import Agency, everybody, published
from tests.campaigns.flows.questioners import Questioners
from tests.fakes import FixedScorer
from tests.scene import FEAR, NEED, VAULT, Scene, event, follow_ups, rows, score, write

OF_ANSWERS = ("answers", "scores", "rescores", "consents", "decisions", "questions")


def left(scene: Scene, *names: str) -> dict[str, int]:
    return {name: len(rows(scene, metadata.tables[name])) for name in names}


def test_nothing_is_left_of_answers_and_what_followed_from_them(
    scene: Scene, scorer: FixedScorer
) -> None:
    person, other = scene.person("P1"), scene.person("P2")
    for who in (person, other):
        pulse = write(scene, who, FEAR)
        tap = event(pulse, Action.ANSWER, "ready", "2")
        assert answering.record(scene.database, VAULT, tap, scene.now).refusal is None
        write(scene, who, NEED, f"need:{who.id}")
    score(scene, scorer)
    before = left(scene, "answers", "scores", "decisions")
    assert forget(scene.database, VAULT, person.id) == Gone(n_answers=3, n_questions=0, n_replies=2)
    assert left(scene, "answers", "scores", "decisions") == {n: k // 2 for n, k in before.items()}
    assert follow_ups(scene, person) == []
    assert len(follow_ups(scene, other)) == 2
    assert forget(scene.database, VAULT, person.id) == Gone()


def test_nothing_is_deleted_while_a_reply_is_on_its_way(scene: Scene, scorer: FixedScorer) -> None:
    person = scene.person()
    write(scene, person, FEAR)
    score(scene, scorer)
    (reply,) = follow_ups(scene, person)
    with scene.database.write() as c:
        this = update(deliveries).where(deliveries.c.id == reply.id)
        c.execute(this.values(state=State.SENDING, lease_until=scene.now))
    assert forget(scene.database, VAULT, person.id) is None
    assert left(scene, "answers", "scores", "decisions") == dict.fromkeys(
        ("answers", "scores", "decisions"), 1
    )


def test_text_that_is_being_read_leaves_no_score_when_it_is_deleted(scene: Scene) -> None:
    person = scene.person()
    write(scene, person, FEAR)

    class Deleting(FixedScorer):
        def score(self, pairs: Any) -> Any:
            forget(scene.database, VAULT, person.id)
            return super().score(pairs)

    assert score(scene, Deleting({})) == 0
    assert left(scene, *OF_ANSWERS) == dict.fromkeys(OF_ANSWERS, 0)
    assert follow_ups(scene, person) == []


def test_question_goes_with_all_messages_about_it(database: Database, now: datetime) -> None:
    staff = Questioners(database, now, 2)
    asker, other = staff.people
    staff.ask(asker)
    staff.ask(other)
    assert staff.move() == 2
    assert forget(database, VAULT, asker.id) == Gone(n_questions=1)
    assert left(staff.scene, "questions") == {"questions": 1}
    about = [one for one in rows(staff.scene, deliveries) if one.kind in ("asked", "question")]
    assert {one.person_id for one in about} == {other.id, *(agent.id for agent in staff.agents)}
    assert len(about) == 3


def test_deleting_is_in_no_log(scene: Scene) -> None:
    person = scene.person()
    write(scene, person, FEAR)
    forget(scene.database, VAULT, person.id)
    assert list(auditing.every(scene.database)) == []


@pytest.fixture
def closed(small: Agency) -> Agency:
    """One closed period, in which everybody answered."""
    small.pulse(small.launched_at, everybody((4, None)))
    assert close_periods(small.database, VAULT, TeamDetector(), small.close_at(0)) == 1
    return small


def test_figures_stay_and_so_does_who_was_counted(closed: Agency) -> None:
    before = published(closed)
    person = closed.staff[closed.teams[0]][0]
    forget(closed.database, VAULT, person)
    assert published(closed) == before
    with closed.database.read() as c:
        assert person in counted.of_period(c, closed.campaign.id, 0)[closed.teams[0]]
        assert c.scalar(select(answers.c.id).where(answers.c.person_id == person)) is None


def test_group_stays_hidden_when_it_differs_from_the_last_by_who_deleted(closed: Agency) -> None:
    """Else the difference of both figures would be what that person had answered."""
    team = closed.teams[0]
    gone = closed.staff[team][0]
    forget(closed.database, VAULT, gone)
    closed.pulse(
        closed.launched_at + timedelta(weeks=4),
        lambda i, n: None if (i, n) == (0, 0) else (4, None),
    )
    assert close_periods(closed.database, VAULT, TeamDetector(), closed.close_at(1)) == 1
    first, second = published(closed)
    assert repr(first.cells[team]).startswith("Released")
    assert repr(second.cells[team]) == "Withheld()"


@pytest.mark.parametrize("week", [0, 2, 3])  # of the answer; without one; of the period's end
def test_answer_deleted_while_a_week_closes_is_in_nothing_that_is_made_of_it(
    small: Agency, monkeypatch: pytest.MonkeyPatch, week: int
) -> None:
    small.pulse(small.launched_at, everybody((4, None)))
    person = small.staff[small.teams[0]][0]
    made_while: list[int] = []

    def and_delete(*arguments: Any) -> closing.Close:
        made = closing.prepare(*arguments)
        if made.week == week:
            if not made_while:
                forget(small.database, VAULT, person)
            made_while.append(made.week)
        return made

    monkeypatch.setattr("campaigns.flows.watching.prepare", and_delete)
    assert close_periods(small.database, VAULT, TeamDetector(), small.close_at(0)) == 1
    assert len(made_while) > 1
    with small.database.read() as c:
        assert person not in counted.of_period(c, small.campaign.id, 0)[small.teams[0]]
        assert n_answers_carried(c, person) == 0


def n_answers_carried(c: Connection, person: int) -> float:
    """How many answers of the person the detector's numbers rest on."""
    [(campaign_id, name)] = pseudonyms.of_person(c, VAULT, person)
    carried = feeding.load(detector_states.of_campaign(c, campaign_id))
    people = dict(zip(carried.names, carried.kept.people, strict=True))
    return float(people[name][ANSWERS, 0, 0]) if name in people else 0.0


def test_what_the_detector_carries_of_a_person_goes_with_their_answers(small: Agency) -> None:
    small.pulse(small.launched_at, everybody((4, None)))
    close_periods(small.database, VAULT, TeamDetector(), small.close_at(0))
    person, other = small.staff[small.teams[0]][:2]
    with small.database.read() as c:
        assert n_answers_carried(c, person) == 1
    forget(small.database, VAULT, person)
    with small.database.read() as c:
        assert n_answers_carried(c, person) == 0
        assert n_answers_carried(c, other) == 1


def test_who_was_counted_is_kept_for_the_periods_that_are_compared(closed: Agency) -> None:
    later = closed.close_at(8)
    assert rows_counted(closed) > 0
    close_periods(closed.database, VAULT, TeamDetector(), later)
    unlink(closed.database, later)
    assert rows_counted(closed) == 0


def rows_counted(agency: Agency) -> int:
    with agency.database.read() as c:
        return len(c.execute(select(counted_rows)).all())


def test_consent_goes_with_its_answer(database: Database, now: datetime) -> None:
    from tests.scene import definition

    scene = Scene(database, now, definition(learn_from_words=True))
    person = scene.person()
    pulse = write(scene, person, FEAR)
    with database.read() as c:
        assert len(consents.asked(c, pulse.id)) == 1
    forget(database, VAULT, person.id)
    assert left(scene, *OF_ANSWERS) == dict.fromkeys(OF_ANSWERS, 0)
