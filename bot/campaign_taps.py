"""What the communications team's presses do to a whole campaign; the rules are in the flow."""

from collections.abc import Collection
from datetime import datetime

from bot import toasts
from campaigns.domain.audit import comms
from campaigns.domain.messages import Action, Event, Outcome, Tap
from campaigns.domain.people import Person
from campaigns.errors import NotFoundError, StateError
from campaigns.flows import approving, holding, planning
from campaigns.flows.answering import Refusal
from campaigns.storage.database import Database

_TURNS = {
    Action.HALT: planning.pause,
    Action.GO_ON: planning.resume,
    Action.ASK_NOW: holding.go_on,
}
ACTIONS = frozenset({Action.APPROVE, *_TURNS})


def belongs(person: Person, comms_team: Collection[str]) -> bool:
    """Whether the person is one of those whose e-mail addresses the settings name."""
    return bool(person.email) and person.email.casefold() in comms_team


def handle(
    database: Database, event: Event, person: Person, comms_team: Collection[str], now: datetime
) -> Outcome:
    """The campaign rests, goes on or may be launched, or why not; never raises for a press."""
    if not belongs(person, comms_team):
        return Outcome(None, toasts.not_yours(person.language), refused=True)
    try:
        _act(database, event.tap, person, now)
    except (NotFoundError, StateError):
        toast = toasts.refused(person.language, Refusal.NOT_ASKED)
        return Outcome(None, toast, refused=True)
    return Outcome(None, toasts.halted(person.language, event.tap.action))


def _act(database: Database, tap: Tap, person: Person, now: datetime) -> None:
    if tap.action is Action.APPROVE:
        key, _, content = tap.value.partition(" ")
        with database.read() as c:
            wish = approving.waiting(c, key)
        if not wish.sha256.startswith(content):
            raise StateError("It was edited since the page was shown.")
        approving.approve(database, wish, person.external_id, now)
        return
    _TURNS[tap.action](database, tap.value, now, comms(person.external_id))
