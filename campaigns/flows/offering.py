"""From what a person said of their competences to a training, and from a press to a seat.

What is offered is decided by the domain; this file fetches what it needs, in the caller's
transaction. Nobody but the person learns of an offer or of what became of it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from campaigns.domain import offers as domain
from campaigns.domain.definition import Definition
from campaigns.domain.followup import Behind, decide_gap
from campaigns.domain.offers import Offer, Said
from campaigns.flows.choosing import CHANCE, Occasion, carry_out
from campaigns.storage import campaigns, decisions, directory, offers, outbox
from campaigns.storage.campaigns import Launched
from campaigns.storage.outbox import Delivery

UNFINISHED = timedelta(hours=2)  # whoever is in the midst of a pulse is let go on first


def best(
    c: Connection, campaign: Launched, person_id: int, now: datetime, but: str = ""
) -> Offer | None:
    """The training that fits this person best at this moment, whatever the sending under `but`
    offers; None where none does."""
    definition = campaign.definition
    if not definition.campaign.trainings:
        return None
    full = domain.full(definition, offers.taken(c, campaign.id))
    had = offers.had(c, campaign.id, person_id, but)
    person = directory.person(c, person_id)
    said = _said(c, definition, campaign.id, person_id)
    return domain.choose(definition, person, said, full, had, now.date())


def after_answer(
    c: Connection,
    campaign: Launched,
    asked: Delivery,
    now: datetime,
    *,
    done: bool,
    chance: Random = CHANCE,
) -> None:
    """What follows as soon as an answer shows that a competence lacks something, in a pulse that is
    `done` with it or not; which training it is may change with each further answer, until it goes
    out."""
    definition, person_id, once = campaign.definition, asked.person_id, f"gap:{asked.id}"
    said = _said(c, definition, campaign.id, person_id)
    person = directory.person(c, person_id)
    if not domain.gaps(definition, person.role, said):
        return
    decisions.hold(c, [person_id])
    offer = best(c, campaign, person_id, now, but=once)
    if outbox.is_there(c, once):
        if offer is not None:
            offers.improve(c, once, offer)
        return
    past = decisions.past(c, campaign.id, [person_id])[person_id]
    behind = Behind(past, fewer=person.per_week is not None)
    decision = decide_gap(definition, behind, now, domain.empty(definition, offer))
    if decision is not None:
        if not done:
            decision = replace(decision, due_at=max(decision.due_at, now + UNFINISHED))
        whose = (once, person.id, person.team_id, asked.run_id)
        carry_out(c, campaign, [Occasion(*whose, decision, offer=offer)], now, chance)


def seat(
    c: Connection, campaign: Launched, delivery: Delivery, offer: Offer, now: datetime
) -> bool:
    """Whether there is a seat in what the message offers; where none is left, it offers from now on
    the next best that has one, if there is such a training."""
    offers.hold(c, campaign.id)
    definition = campaigns.definition(c, delivery.version_id or 0)
    full = domain.full(campaign.definition, offers.taken(c, campaign.id), definition)
    if offer.training not in full:
        return True
    person = directory.person(c, delivery.person_id)
    said = _said(c, definition, campaign.id, person.id)
    had = offers.had(c, campaign.id, person.id)
    other = domain.choose(definition, person, said, full, had, now.date())
    if other and other.training not in full:
        offers.change(c, delivery.id, other)
    return False


def is_full(c: Connection, campaign_id: int, offer: Offer, offered_by: Definition) -> bool:
    """Whether no seat is left at this moment; `offered_by` is the version that offered it."""
    definition = campaigns.by_id(c, campaign_id).definition
    return offer.training in domain.full(definition, offers.taken(c, campaign_id), offered_by)


def _said(c: Connection, definition: Definition, campaign_id: int, person_id: int) -> Said:
    asking = [one.key for one in definition.campaign.questions if one.competence]
    return offers.said(c, campaign_id, person_id, asking)
