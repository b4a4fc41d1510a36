"""From what somebody says of a competence to a training, a seat, and whether it helped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.conversation import Conversation
from campaigns.domain.messages import Action, Actions, Button, Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.domain.reports import TrainingRow
from campaigns.flows import answering, forgetting
from campaigns.flows.answering import Recorded, Refusal
from campaigns.flows.composing import compose
from campaigns.flows.copying import copy_of
from campaigns.flows.previewing import render
from campaigns.flows.reporting import overview
from campaigns.flows.showing import current
from campaigns.flows.watching import close_periods
from campaigns.storage import campaigns, directory, holdings, offers
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.tables import answers, decisions, deliveries
from campaigns.storage.tables import offers as offer_rows
from sentiment.watch import TeamDetector
from tests.fakes import FixedScorer, RecordingMessenger
from tests.learning import BEHIND, catalogue, training
from tests.scene import KNOWN, TRAINING, VAULT, Scene, event, follow_ups, rows, score

CATALOGUE = catalogue(training("first", seats=1), training("second", "intermediate", seats=1))


@pytest.fixture
def scene(sqlite_database: Database, now: datetime) -> Scene:
    return Scene(sqlite_database, now, CATALOGUE)


def press(
    scene: Scene, delivery: Delivery, action: Action, question: str = "", value: str = ""
) -> Recorded:
    tapped = event(delivery, action, question, value)
    return answering.record(scene.database, VAULT, tapped, scene.now)


def answer(scene: Scene, person: Person, **said: str) -> None:
    """The whole pulse; what is not given is skipped."""
    pulse = scene.pulse(person)
    for question in ("of-data", "of-forms"):
        value = said.get(question.replace("-", "_"))
        press(scene, pulse, *(Action.ANSWER, question, value) if value else (Action.SKIP, question))


def offered(scene: Scene, person: Person, **said: str) -> Delivery:
    """What the person gets for these answers, as if it had gone out."""
    answer(scene, person, **said or {"of_data": "1"})
    [delivery] = follow_ups(scene, person)
    sent = {"state": State.SENT, "sent_at": scene.now}
    with scene.database.write() as c:
        c.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(**sent))
    [delivery] = follow_ups(scene, person)
    return delivery


def shown(scene: Scene, delivery: Delivery) -> Message:
    with scene.database.read() as c:
        return compose(c, delivery, scene.now)


def buttons(message: Message) -> list[str]:
    rows_of = [part.items for part in message.parts if isinstance(part, Actions)]
    items = [item for row in rows_of for item in row if isinstance(item, Button)]
    wishes = (Action.PAUSE, Action.FEWER, Action.ASK)
    return [item.label for item in items if item.tap.action not in wishes]


def test_a_gap_leads_to_the_next_step_when_the_pulse_was_answered_to_its_end(scene: Scene) -> None:
    person = scene.person()
    answer(scene, person, of_data="1")
    [delivery] = follow_ups(scene, person)
    assert (delivery.kind, delivery.touchpoint) == (Kind.FOLLOW_UP, "course")
    assert delivery.due_at == scene.now + timedelta(hours=2)
    [decision] = rows(scene, decisions)
    assert (decision.rule, decision.inputs, decision.model) == ("behind", "gap", "")
    [offer] = rows(scene, offer_rows)
    assert (offer.training, offer.competence, offer.person_id) == ("first", "data", person.id)


def test_a_gap_is_known_before_the_pulse_is_done_and_each_answer_may_change_the_offer(
    sqlite_database: Database, now: datetime
) -> None:
    trainings = training("data-3", "advanced"), training("forms-1", competences=["forms"])
    scene = Scene(sqlite_database, now, catalogue(*trainings, rules=[BEHIND | {"after_hours": 0}]))
    person = scene.person()
    pulse = scene.pulse(person)
    press(scene, pulse, Action.ANSWER, "of-data", "3")
    assert [one.training for one in rows(scene, offer_rows)] == ["data-3"]
    [delivery] = follow_ups(scene, person)
    assert delivery.due_at == scene.now + timedelta(hours=2)  # they may go on
    press(scene, pulse, Action.ANSWER, "of-forms", "1")
    assert follow_ups(scene, person) == [delivery]
    assert [one.training for one in rows(scene, offer_rows)] == ["forms-1"]
    assert len(rows(scene, decisions)) == 1


def test_an_offer_stays_once_it_went_out(scene: Scene) -> None:
    person = scene.person()
    pulse = scene.pulse(person)
    press(scene, pulse, Action.ANSWER, "of-data", "1")
    with scene.database.write() as c:
        c.execute(update(deliveries).values(state=State.SENT))
        c.execute(update(offer_rows).values(training="second"))
    press(scene, pulse, Action.SKIP, "of-forms")
    assert [one.training for one in rows(scene, offer_rows)] == ["second"]


def test_nothing_is_offered_when_nothing_lacks_or_nothing_fits(scene: Scene) -> None:
    sure, elsewhere = scene.person("P1"), scene.person("P2")
    answer(scene, sure, of_data="5", of_forms="5")
    answer(scene, elsewhere, of_forms="1")
    assert follow_ups(scene, sure) == follow_ups(scene, elsewhere) == []
    assert rows(scene, decisions) == []


def test_words_about_a_lack_of_knowledge_lead_to_the_same_catalogue(
    sqlite_database: Database, now: datetime
) -> None:
    why = {"key": "why", "kind": "text", "prompt": "Why?"}
    rule = {"key": "learn", "when": {"barrier": ["knowledge"]}, "send": "course", "holdout": 0}
    touchpoints = [one.model_dump(by_alias=True) for one in CATALOGUE.campaign.touchpoints]
    touchpoints[0]["questions"] = ["of-data", "why"]
    content = catalogue(
        training("first"),
        rules=[rule],
        touchpoints=touchpoints,
        questions=[*[q.model_dump() for q in CATALOGUE.campaign.questions], why],
    )
    scene = Scene(sqlite_database, now, content)
    for person, said in ((scene.person("P1"), "1"), (scene.person("P2"), "5")):
        pulse = scene.pulse(person)
        press(scene, pulse, Action.ANSWER, "of-data", said)
        words = event(pulse, Action.WRITE, "why", text=TRAINING)
        answering.record(scene.database, VAULT, words, scene.now)
    score(scene, FixedScorer(KNOWN))
    assert [row.training for row in rows(scene, offer_rows)] == ["first"]
    assert len(rows(scene, decisions)) == 1


def test_the_message_says_why_it_came_and_never_what_was_answered(scene: Scene) -> None:
    message = shown(scene, offered(scene, scene.person()))
    assert "because of what you said about “Protecting data”" in message.fallback_text
    assert "Training: About first" in message.fallback_text
    assert "Call 4420." in message.fallback_text
    assert buttons(message) == ["I’ll take it", "I did it"]


def test_the_message_goes_from_a_seat_to_whether_it_helped_as_buttons_are_pressed(
    scene: Scene,
) -> None:
    delivery = offered(scene, scene.person())
    assert press(scene, delivery, Action.HELPED, "", "yes").refusal is Refusal.NOT_ASKED
    for action, value, then in (
        (Action.SEAT, "", ["I did it", "I can’t take it"]),
        (Action.DID, "", ["It helped", "It did not help"]),
        (Action.HELPED, "no", []),
    ):
        assert press(scene, delivery, action, "", value).kind == "training"
        assert press(scene, delivery, action, "", value).refusal is Refusal.ALREADY
        assert buttons(shown(scene, delivery)) == then
    kept = [(row.question, row.choice) for row in rows(scene, answers) if row.kind == "training"]
    assert kept == [("take", "yes"), ("did", "yes"), ("helped", "no")]
    assert press(scene, delivery, Action.GIVE_BACK).refusal is Refusal.NOT_ASKED


def test_a_full_training_gives_way_to_the_next_and_then_waits_for_a_seat(
    database: Database, now: datetime
) -> None:
    scene = Scene(database, now, CATALOGUE)
    people = [scene.person(f"P{n}") for n in range(3)]
    one, two, three = [offered(scene, person) for person in people]
    assert press(scene, one, Action.SEAT).refusal is None
    assert press(scene, two, Action.SEAT).refusal is Refusal.FULL
    assert "About second" in shown(scene, two).fallback_text
    assert press(scene, two, Action.SEAT).refusal is None
    assert press(scene, three, Action.SEAT).refusal is Refusal.FULL
    assert "All seats are taken" in shown(scene, three).fallback_text
    assert press(scene, one, Action.GIVE_BACK) == Recorded("free")
    assert press(scene, three, Action.SEAT).refusal is None
    assert press(scene, one, Action.SEAT).refusal is Refusal.FULL


def test_a_chat_that_is_looked_at_says_whether_a_seat_is_left(scene: Scene) -> None:
    first, second = [offered(scene, scene.person(f"P{n}")) for n in range(2)]
    kept = shown(scene, second)
    press(scene, first, Action.SEAT)
    with scene.database.read() as c:
        [now_shown] = current(c, second.person_id, [kept], scene.now)
    assert "All seats are taken" not in kept.fallback_text
    assert "All seats are taken" in now_shown.fallback_text


def test_the_last_seat_goes_to_one_person_when_several_press_at_once(
    database: Database, now: datetime
) -> None:
    scene = Scene(database, now, catalogue(training("first", seats=1)))
    messages = [offered(scene, scene.person(f"P{n}")) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        pressed = list(pool.map(lambda one: press(scene, one, Action.SEAT), messages))
    assert sorted(str(one.refusal) for one in pressed) == ["None", "full", "full", "full"]


def test_a_press_is_refused_when_the_message_offers_no_training(scene: Scene) -> None:
    delivery = scene.put(scene.person(), "course", Kind.FOLLOW_UP)
    assert press(scene, delivery, Action.SEAT).refusal is Refusal.NOT_ASKED
    assert press(scene, delivery, Action.DID).refusal is Refusal.NOT_ASKED
    assert press(scene, delivery, Action.GIVE_BACK).refusal is Refusal.NOT_ASKED


def test_conversation_answers_a_press_under_an_offer_in_the_persons_language(
    scene: Scene,
) -> None:
    delivery = offered(scene, scene.person(language="de"))
    talk = Conversation(scene.database, VAULT, RecordingMessenger(), lambda: scene.now)
    taken = talk.handle(event(delivery, Action.SEAT))
    assert (taken.toast, taken.refused) == ("Gespeichert. Sonst erfährt niemand davon.", False)
    back = talk.handle(event(delivery, Action.GIVE_BACK))
    assert back.toast == "Der Platz ist wieder frei. Niemand erfährt davon."


def test_what_is_held_is_told_copied_and_gone_when_the_person_wishes(scene: Scene) -> None:
    person = scene.person()
    delivery = offered(scene, person)
    press(scene, delivery, Action.SEAT)
    with scene.database.read() as c:
        found = holdings.of_person(c, person.id)
    assert (found.n_offered, found.n_trained) == (1, 1)
    copied = copy_of(scene.database, VAULT, person, scene.now)
    campaign = scene.campaign.key
    assert copied["trainings_offered"] == [
        {"campaign": campaign, "training": "first", "because_of_competence": "data"}
    ]
    assert forgetting.forget(scene.database, VAULT, person.id) is not None
    assert rows(scene, offer_rows) == rows(scene, answers) == []
    with scene.database.read() as c:
        assert offers.taken(c, scene.campaign.id) == {}


def test_a_raised_number_of_seats_counts_when_the_message_is_older(scene: Scene) -> None:
    one, two = [offered(scene, scene.person(f"P{n}")) for n in range(2)]
    press(scene, one, Action.SEAT)
    more = catalogue(training("first", seats=2))
    with scene.database.write() as c:
        campaigns.put(c, more, scene.now)
    assert press(scene, two, Action.SEAT).refusal is None


def test_seat_of_somebody_who_left_is_free_again(scene: Scene) -> None:
    one, two = [offered(scene, scene.person(f"P{n}")) for n in range(2)]
    press(scene, one, Action.SEAT)
    assert "All seats are taken" in shown(scene, two).fallback_text
    with scene.database.write() as c:
        directory.deactivate(c, [one.person_id])
    assert press(scene, two, Action.SEAT).refusal is None


def test_seats_stay_as_many_when_a_training_is_taken_out_of_the_catalogue(scene: Scene) -> None:
    one, two = [offered(scene, scene.person(f"P{n}")) for n in range(2)]
    press(scene, one, Action.SEAT)
    with scene.database.write() as c:
        campaigns.put(c, catalogue(training("second", "intermediate")), scene.now)
    assert "All seats are taken" in shown(scene, two).fallback_text
    assert press(scene, two, Action.SEAT).refusal is Refusal.FULL


def test_messages_are_previewed_in_every_state_when_a_training_is_picked() -> None:
    steps = [one.step for one in render(CATALOGUE) if one.touchpoint == "course"]
    assert steps == ["first", "second", "no seat left", "after take", "after did", "after helped"]


def test_results_are_counted_in_steps_from_ten_people_on_when_a_period_has_closed(
    sqlite_database: Database, now: datetime
) -> None:
    scene = Scene(sqlite_database, now, catalogue(training("first")))
    for n in range(16):
        delivery = offered(scene, scene.person(f"P{n}"))
        for action in [Action.SEAT, Action.DID][: 1 + (n < 12)]:
            press(scene, delivery, action)
        if n < 12:
            press(scene, delivery, Action.HELPED, "", "yes" if n < 9 else "no")
    nothing = [TrainingRow("About first", None, None, None, None)]
    later = scene.now + timedelta(weeks=4, hours=2)
    assert list(overview(scene.database, "portal-2027", later).trainings) == nothing
    close_periods(scene.database, VAULT, TeamDetector(), later)
    [row] = overview(scene.database, "portal-2027", later).trainings
    assert (row.offered, row.taken, row.did, row.helped) == (15, 15, 10, None)
