"""What presses about questions do, as short words; the rules are in the flows.

No word of a question or an answer is ever repeated here.
"""

from datetime import datetime

from bot import toasts
from campaigns.domain.asking import Naming, Refused
from campaigns.domain.messages import Action, Event, Outcome
from campaigns.domain.people import Person
from campaigns.flows import asking, publishing, replying
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault

ACTIONS = frozenset({Action.ASK, Action.WITHDRAW, Action.REPLY, Action.PUBLISH, Action.UNPUBLISH})


def handle(
    database: Database, vault: Vault, event: Event, person: Person, now: datetime
) -> Outcome:
    """The question is asked, taken back, answered or published, or why not."""
    language, action = person.language, event.tap.action
    outcome = _act(database, vault, event, now)
    if outcome is Refused.ANSWERED:
        name = replying.who_answered(database, event)
        told = toasts.answered_by(language, name) if name else toasts.not_asked(language, outcome)
        return Outcome(None, told, refused=True)
    if isinstance(outcome, Refused):
        return Outcome(None, toasts.not_asked(language, outcome), refused=True)
    if isinstance(outcome, Naming):
        return Outcome(None, toasts.asked(language, outcome))
    return Outcome(None, toasts.about_question(language, action))


def _act(database: Database, vault: Vault, event: Event, now: datetime) -> Naming | Refused | None:
    match event.tap.action:
        case Action.ASK:
            return asking.ask(database, vault, event, now)
        case Action.WITHDRAW:
            return asking.withdraw(database, event)
        case Action.REPLY:
            return replying.answer(database, vault, event, now)
        case Action.PUBLISH:
            return publishing.publish(database, vault, event, now)
        case _:
            return publishing.unpublish(database, event)
