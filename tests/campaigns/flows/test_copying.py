"""The copy has all that is kept about its person, in clear, and nothing of anybody else."""

import json
from datetime import datetime

from campaigns.domain.messages import Action
from campaigns.domain.outbox import Kind
from campaigns.flows import answering
from campaigns.flows.copying import copy_of
from campaigns.flows.watching import close_periods
from campaigns.storage import campaigns, directory, outbox
from campaigns.storage.database import Database
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.vault import Vault, new_key
from sentiment.fading import NUMBERS
from sentiment.watch import TeamDetector
from tests.agency import Agency, everybody
from tests.campaigns.flows.questioners import ANSWER, WORDS, Questioners
from tests.fakes import FixedScorer
from tests.scene import FEAR, TRAINING, VAULT, Scene, definition, event, score, write


def test_copy_has_answers_with_what_a_model_read_and_what_followed(
    scene: Scene, scorer: FixedScorer
) -> None:
    person, other = scene.person("P1", email="p1@agency.example"), scene.person("P2")
    pulse = write(scene, person, FEAR)
    write(scene, other, TRAINING)
    tap = event(pulse, Action.ANSWER, "ready", "2")
    assert answering.record(scene.database, VAULT, tap, scene.now).refusal is None
    score(scene, scorer)
    with scene.database.write() as c:  # another version knows no rule of that name
        campaigns.put(c, definition(rules=[]), scene.now)
    found = copy_of(scene.database, VAULT, person, scene.now)
    assert found["staff_directory"]["email"] == "p1@agency.example"
    text, scale = found["answers"]
    assert text["answer"] == FEAR
    assert text["question"] == "What makes you say so?"
    assert text["read_by_a_model"]["themes"] == ["job_security"]
    assert (scale["question"], scale["answer"]) == ("I feel ready for the portal.", 2)
    (choice,) = found["messages_chosen_by_a_rule"]
    assert (choice["rule"], choice["the_rule_looked_for"]) == ("jobs", {"theme": ["job_security"]})
    whole = json.dumps(found)
    assert TRAINING not in whole
    assert "P2" not in whole


def test_copy_has_what_the_detector_carries_and_every_call_for_contact(
    database: Database, now: datetime
) -> None:
    agency = Agency(database, now, [12, 12])
    agency.pulse(agency.launched_at, everybody((4, None)))
    close_periods(database, VAULT, TeamDetector(), agency.close_at(0))
    with database.write() as c:
        person = directory.person(c, agency.staff[agency.teams[0]][0])
        once = NewDelivery("contact:1", Kind.CONTACT, person.id + 1, now, subject_id=person.id)
        outbox.put(c, [once])
    found = copy_of(database, VAULT, person, now)
    numbers = found["numbers_on_how_you_answer"]
    assert list(numbers) == [agency.campaign.key]
    assert len(numbers[agency.campaign.key]) == NUMBERS
    assert numbers[agency.campaign.key][0] == 1  # one answer
    assert found["asked_to_be_contacted"] == [now.isoformat(timespec="seconds")]
    assert copy_of(database, Vault([new_key()]), person, now)["numbers_on_how_you_answer"] == {}


def test_copy_has_questions_with_their_answers(database: Database, now: datetime) -> None:
    staff = Questioners(database, now)
    asker = staff.people[0]
    staff.ask(asker)
    staff.move()
    staff.answer(staff.got(staff.agents[0])[0])
    found = copy_of(staff.scene.database, staff.vault, asker, staff.scene.now)
    (question,) = found["questions"]
    assert (question["question"], question["answer"]) == (WORDS, ANSWER)
    agent = copy_of(staff.scene.database, staff.vault, staff.agents[0], staff.scene.now)
    assert WORDS not in json.dumps(agent)


def test_copy_says_what_no_key_opens_and_gives_the_rest(scene: Scene) -> None:
    person = scene.person()
    write(scene, person, FEAR)
    found = copy_of(scene.database, Vault([new_key()]), person, scene.now)
    assert found["answers"][0]["answer"] == "kept encrypted; its key is missing at this moment"
    assert found["staff_directory"]["id"] == "P1"
