"""Trainings that were offered, their seats, and what one person said of their competences.

Words are never read here, and nothing here gives out a list of people.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from campaigns.domain.offers import DID, HELPED, TAKE, Offer, Said
from campaigns.domain.outbox import State
from campaigns.storage.tables import answers, campaigns, deliveries, offers, people

RESULTS = ("offered", "taken", "did", "helped")
_RESULTS_OF: Mapping[tuple[str, str], Sequence[str]] = {
    (TAKE, "yes"): ("taken",),
    (DID, "yes"): ("taken", "did"),  # some do it without having said so before
    (HELPED, "yes"): ("helped",),
}


def said(c: Connection, campaign_id: int, person_id: int, questions: Collection[str]) -> Said:
    """The person's newest answer to each of these questions, in this campaign."""
    rows = c.execute(
        select(answers.c.question, answers.c.number, answers.c.choice)
        .where(
            answers.c.campaign_id == campaign_id,
            answers.c.person_id == person_id,
            answers.c.question.in_(sorted(questions)),
            answers.c.kind.in_(("scale", "choice")),
        )
        .order_by(answers.c.answered_at, answers.c.id)
    )
    return {row.question: row.choice if row.number is None else row.number for row in rows}


def put(c: Connection, once: str, offer: Offer) -> None:
    """The sending under `once` offers that training, if it is new."""
    known = select(offers.c.delivery_id)
    found = select(deliveries.c.id, deliveries.c.campaign_id, deliveries.c.person_id).where(
        deliveries.c.once == once, deliveries.c.id.not_in(known)
    )
    for row in c.execute(found).all():
        values = {"delivery_id": row.id, "campaign_id": row.campaign_id, "person_id": row.person_id}
        named = {"training": offer.training, "competence": offer.competence}
        c.execute(insert(offers).values(**values, **named))


def of_delivery(c: Connection, delivery_id: int) -> Offer | None:
    """What this message offers; None where it offers no training of the catalogue."""
    found = select(offers.c.training, offers.c.competence).where(
        offers.c.delivery_id == delivery_id
    )
    row = c.execute(found).one_or_none()
    return Offer(row.training, row.competence) if row else None


def change(c: Connection, delivery_id: int, offer: Offer) -> None:
    """From now on the message offers this one."""
    named = {"training": offer.training, "competence": offer.competence}
    c.execute(update(offers).where(offers.c.delivery_id == delivery_id).values(**named))


def improve(c: Connection, once: str, offer: Offer) -> None:
    """The sending under `once` offers this one instead, if it has an offer and has not gone out."""
    waits = select(deliveries.c.id).where(
        deliveries.c.once == once, deliveries.c.state == State.PENDING
    )
    named = {"training": offer.training, "competence": offer.competence}
    c.execute(update(offers).where(offers.c.delivery_id.in_(waits)).values(**named))


def had(c: Connection, campaign_id: int, person_id: int, but: str = "") -> set[str]:
    """The trainings that the person was offered in this campaign, by other sendings than that."""
    found = (
        select(offers.c.training)
        .join(deliveries, deliveries.c.id == offers.c.delivery_id)
        .where(offers.c.campaign_id == campaign_id, offers.c.person_id == person_id)
        .where(deliveries.c.once != but)
    )
    return set(c.scalars(found))


def of_person(c: Connection, person_id: int) -> list[tuple[int, Offer]]:
    """Campaign and offer of all that the person was offered: for them alone."""
    found = (
        select(offers.c.campaign_id, offers.c.training, offers.c.competence)
        .where(offers.c.person_id == person_id)
        .order_by(offers.c.delivery_id)
    )
    return [(row[0], Offer(row[1], row[2])) for row in c.execute(found)]


def hold(c: Connection, campaign_id: int) -> None:
    """Until this transaction ends, nobody else takes a seat in this campaign."""
    row = select(campaigns.c.id).where(campaigns.c.id == campaign_id)
    c.execute(row.with_for_update(key_share=True)).all()


def taken(c: Connection, campaign_id: int) -> dict[str, int]:
    """How many people who are still here have a seat, by training: for the program alone."""
    found = (
        select(offers.c.training, func.count(offers.c.person_id.distinct()))
        .join(answers, answers.c.delivery_id == offers.c.delivery_id)
        .join(people, people.c.id == offers.c.person_id)
        .where(offers.c.campaign_id == campaign_id, answers.c.question == TAKE, people.c.active)
        .group_by(offers.c.training)
    )
    return {row[0]: row[1] for row in c.execute(found)}


def results(c: Connection, campaign_id: int, before: datetime) -> dict[str, Counter[str]]:
    """Training → how many people were offered it, took it, did it and said it helped before that
    moment: not to be shown to anybody but through `domain.counts`."""
    said = and_(answers.c.delivery_id == offers.c.delivery_id, answers.c.answered_at < before)
    found = (
        select(offers.c.training, offers.c.person_id, answers.c.question, answers.c.choice)
        .join(deliveries, deliveries.c.id == offers.c.delivery_id)
        .outerjoin(answers, and_(said, answers.c.kind == "training"))
        .where(offers.c.campaign_id == campaign_id, deliveries.c.sent_at < before)
    )
    people: dict[tuple[str, str], set[int]] = {}
    for row in c.execute(found):
        for name in ("offered", *_RESULTS_OF.get((row.question, row.choice), ())):
            people.setdefault((row.training, name), set()).add(row.person_id)
    counts: dict[str, Counter[str]] = {}
    for (training, name), who in people.items():
        counts.setdefault(training, Counter())[name] = len(who)
    return counts


def give_back(c: Connection, delivery_id: int) -> bool:
    """The seat that was taken under this message is free again; whether there was one."""
    seat = (answers.c.delivery_id == delivery_id, answers.c.question == TAKE)
    return c.execute(delete(answers).where(*seat, answers.c.kind == "training")).rowcount == 1
