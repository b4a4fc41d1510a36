"""What the communications team's presses do to a whole campaign; the rules are in the flow."""

from collections.abc import Collection
from datetime import datetime

from bot import toasts
from campaigns.domain.audit import comms
from campaigns.domain.messages import Action, Event, Outcome
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError, StateError
from campaigns.flows import planning
from campaigns.flows.answering import Refusal
from campaigns.storage.database import Database


def belongs(person: Person, comms_team: Collection[str]) -> bool:
    """Whether the person is one of those whose e-mail addresses the settings name."""
    return bool(person.email) and person.email.casefold() in comms_team


def handle(
    database: Database, event: Event, person: Person, comms_team: Collection[str], now: datetime
) -> Outcome:
    """The campaign rests or goes on, or why not; never raises for a press."""
    if not belongs(person, comms_team):
        return Outcome(None, toasts.not_yours(person.language), refused=True)
    act = planning.pause if event.tap.action is Action.HALT else planning.resume
    try:
        act(database, event.tap.value, now, comms(person.external_id))
    except (NotFoundError, StateError):
        toast = toasts.refused(person.language, Refusal.NOT_ASKED)
        return Outcome(None, toast, refused=True)
    return Outcome(None, toasts.halted(person.language, event.tap.action))
