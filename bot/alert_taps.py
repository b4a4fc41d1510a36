"""What a change agent's presses on an alert do, as short words; the rules are in the flow."""

from datetime import datetime

from bot import toasts
from campaigns.domain.alerts import SNOOZES, Ending
from campaigns.domain.messages import Action, Event, Outcome
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.errors import InputError, NotFoundError, StateError
from campaigns.flows import answering, handling
from campaigns.flows.answering import Refusal
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault


def handle(
    database: Database, vault: Vault, event: Event, person: Person, now: datetime
) -> Outcome:
    """The alert is taken, put off, handed over or closed, or why not; never raises for a press."""
    with database.read() as connection:
        delivery = answering.pressed(connection, event)
    if delivery is None:
        return _refused(toasts.refused(person.language, Refusal.UNKNOWN))
    if delivery.kind is not Kind.ALERT or delivery.subject_id is None:
        return _refused(toasts.refused(person.language, Refusal.NOT_ASKED))
    try:
        _act(database, vault, delivery.subject_id, event, now)
    except StateError as error:
        return _refused(str(error))  # says who was first, in the reader's language
    except NotFoundError:
        return _refused(toasts.refused(person.language, Refusal.UNKNOWN))
    except InputError:
        return _refused(toasts.refused(person.language, Refusal.NOT_ASKED))
    return Outcome(None, toasts.handled(person.language, event.tap.action))


def _refused(why: str) -> Outcome:
    return Outcome(None, why, refused=True)


def _act(database: Database, vault: Vault, alert_id: int, event: Event, now: datetime) -> None:
    version, days = _numbers(event.tap.value)
    ending = Ending(event.choice) if event.choice in set(Ending) else None
    words = answering.clean(event.text or "")
    agent_id = event.person_id
    match event.tap.action:
        case Action.TAKE:
            handling.take(database, alert_id, agent_id, version, now)
        case Action.SNOOZE:
            chosen = int(words) if words in _DAYS else days
            handling.snooze(database, alert_id, agent_id, version, chosen, now)
        case Action.HAND_OVER:
            handling.hand_over(database, alert_id, agent_id, version, words, now)
        case Action.TRY:
            handling.try_out(database, alert_id, agent_id, version, words, now)
        case _:
            handling.close(database, vault, alert_id, agent_id, version, words, now, ending)


_DAYS = {str(days) for days in SNOOZES}


def _numbers(value: str) -> tuple[int, int]:
    """Version and days of "3|7"; what is missing or no number is 0, which no alert has.

    The days stood in the value before they could be chosen, and such buttons are still about.
    """
    first, _, second = value.partition("|")
    version, days = (
        int(part) if part.isascii() and part.isdigit() and len(part) <= 9 else 0
        for part in (first, second)
    )
    return version, days
