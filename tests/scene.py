"""A small agency with one running campaign, for tests that need people who were sent something."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from campaigns.domain.definition import Definition
from campaigns.domain.messages import Action, Event, Tap
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.flows import answering
from campaigns.flows.scoring import score_pending
from campaigns.storage import campaigns, directory, outbox, runs
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery, NewDelivery
from campaigns.storage.runs import NewRun
from campaigns.storage.tables import deliveries
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Barrier, Stance, Theme
from tests.fakes import FixedScorer, a_score
from tests.people import clerk

VAULT = Vault([new_key()])
TRAINING = "Nobody showed me how this works."
FEAR = "I think my job goes away."
NEED = "I can't go on like this."
KNOWN = {
    TRAINING: a_score(Stance.AMBIVALENT, Barrier.KNOWLEDGE, (Theme.TRAINING,)),
    FEAR: a_score(Stance.RESISTANT, Barrier.DESIRE, (Theme.JOB_SECURITY,)),
    NEED: a_score(Stance.RESISTANT, Barrier.KNOWLEDGE, (Theme.JOB_SECURITY,), safeguarding=True),
}

_SILENCE = {
    "key": "quiet",
    "when": {"silence_pulses": 2},
    "send": "talk",
    "pause_days": 56,
    "holdout": 0,
}


def definition(**campaign: Any) -> Definition:
    """A permits portal: a vision, a pulse with every kind of question, follow-ups and rules."""
    content: dict[str, Any] = {
        "key": "portal-2027",
        "title": "The permits portal",
        "languages": ["en", "de"],
        "help_contacts": [{"name": "Staff counselling", "contact": "555-0100"}],
        "questions": [
            {
                "key": "ready",
                "kind": "scale",
                "prompt": {"en": "I feel ready for the portal.", "de": "Ich bin bereit."},
                "favourable": "high",
            },
            {
                "key": "hurdle",
                "kind": "choice",
                "prompt": "What is in your way?",
                "options": [{"key": "time", "label": "Time"}, {"key": "skill", "label": "Skill"}],
                "when": {"question": "ready", "at_most": 3},
            },
            {
                "key": "why",
                "kind": "text",
                "prompt": {"en": "What makes you say so?", "de": "Warum?"},
            },
        ],
        "touchpoints": [
            {
                "kind": "vision",
                "key": "vision",
                "when": {"days_after_launch": 0},
                "title": "One portal",
                "text": "From spring on, permits are asked for in one portal.",
            },
            {
                "kind": "pulse",
                "key": "pulse",
                "when": {"cron": "0 9 * * 1"},
                "title": "How is it going?",
                "questions": ["ready", "hurdle", "why"],
            },
            {
                "kind": "reminder",
                "key": "nudge",
                "when": {"pulse": "pulse", "days": 2},
                "title": "Still open",
                "text": "There is a short question for you.",
            },
            _follow_up("training", "training", "Yes, tell me more"),
            _follow_up("fear", "answer", None),
            _follow_up("talk", "talk", None),
        ],
        "rules": [
            {
                "key": "jobs",
                "when": {"theme": ["job_security"]},
                "send": "fear",
                "after_hours": 2,
                "holdout": 0,  # no test depends on chance but those about it
            },
            {
                "key": "learn",
                "when": {"barrier": ["knowledge", "ability"]},
                "send": "training",
                "at_most": 2,
                "after_hours": 18,
                "holdout": 0,
            },
            _SILENCE,
        ],
    }
    return Definition.model_validate(
        {
            "initiative": {
                "key": "portal",
                "title": "The permits portal",
                "what": "Permits go through one portal.",
                "why": "People wait too long for a permit.",
                "for_whom": "Everybody who works on permits.",
                "sponsor": "Head of permits",
                "goals": [
                    {"title": "Faster", "measure": "days to a permit", "target": "20 instead of 40"}
                ],
            },
            "campaign": content | campaign,
        }
    )


def _follow_up(key: str, purpose: str, invite: str | None) -> dict[str, Any]:
    text = {"kind": "follow_up", "key": key, "title": f"About {key}", "text": f"This is {key}."}
    return text | {"purpose": purpose, "invite": invite}


class Scene:
    """The agency at `now`; everything it sends is in the outbox as sent."""

    def __init__(self, database: Database, now: datetime, content: Definition | None = None):
        self.database, self.now = database, now
        with database.write() as connection:
            self.team_id = directory.put_team(connection, "Permits")
            self.campaign: Launched = campaigns.put(connection, content or definition(), now)

    def person(self, external_id: str = "P1", **changes: Any) -> Person:
        """A member of staff who works round the clock, so that no test depends on the hour."""
        person = clerk(external_id, self.team_id, **changes)
        with self.database.write() as connection:
            person_id = directory.put(connection, person)
            return directory.person(connection, person_id)

    def put(self, person: Person, touchpoint: str, kind: Kind, **changes: Any) -> Delivery:
        """A sending of that touchpoint to that person, sent now unless `state` says otherwise."""
        state = changes.pop("state", State.SENT)
        external_id = changes.pop("external_id", None)
        once = changes.pop("once", f"{touchpoint}:{person.id}:{self.now.isoformat()}")
        sent_at = self.now if state is State.SENT else None
        new = NewDelivery(
            once=once,
            kind=kind,
            person_id=person.id,
            due_at=changes.pop("due_at", self.now),
            campaign_id=self.campaign.id,
            version_id=self.campaign.version_id,
            touchpoint=touchpoint,
            **changes,
        )
        with self.database.write() as connection:
            outbox.put(connection, [new])
            row = deliveries.c.once == once
            values = {"state": state, "sent_at": sent_at, "external_id": external_id}
            connection.execute(update(deliveries).where(row).values(values))
            found = connection.execute(select(deliveries.c.id).where(row)).scalar_one()
            return outbox.by_id(connection, found)

    def pulse(self, person: Person, **changes: Any) -> Delivery:
        """The pulse, open for six days."""
        closes_at = self.now + timedelta(days=6)
        return self.put(person, "pulse", Kind.PULSE, **{"closes_at": closes_at, **changes})

    def run(self, *people: Person) -> int:
        """A run of the pulse that reached these people now; its id."""
        starts_at = self.now
        new = NewRun(
            self.campaign.id,
            self.campaign.version_id,
            "pulse",
            starts_at.isoformat(),
            starts_at,
            runs.DONE,
        )
        with self.database.write() as connection:
            runs.put(connection, [new])
            run_id = runs.of_campaign(connection, self.campaign.id)[-1].id
        for person in people:
            self.pulse(person, run_id=run_id, once=f"run:{run_id}:person:{person.id}")
        return run_id

    def outbox(self, person: Person) -> list[Delivery]:
        """All sendings to the person, in the order they were written."""
        with self.database.read() as connection:
            return outbox.of_person(connection, person.id)


def event(
    delivery: Delivery,
    action: Action,
    question: str = "",
    value: str = "",
    text: str | None = None,
    person_id: int | None = None,
) -> Event:
    """What the delivery's person does to it; with `person_id` somebody else does."""
    tap = Tap(action, question, value)
    return Event(person_id or delivery.person_id, delivery.key, tap, text)


def write(scene: Scene, person: Person, text: str, once: str = "") -> Delivery:
    """The person answers a new pulse in these words, which then wait for a score."""
    pulse = scene.pulse(person, once=once or f"pulse:{person.id}")
    done = answering.record(
        scene.database, VAULT, event(pulse, Action.WRITE, "why", text=text), scene.now
    )
    assert done.refusal is None
    return pulse


def score(scene: Scene, scorer: FixedScorer, after: timedelta = timedelta(0), **more: Any) -> int:
    """How many waiting texts get their score so long after the scene's moment."""
    return score_pending(scene.database, VAULT, scorer, scene.now + after, **more)


def rows(scene: Scene, table: Any) -> list[Any]:
    """The whole table, by its key."""
    with scene.database.read() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)))


def follow_ups(scene: Scene, person: Person) -> list[Delivery]:
    """What the person gets because of what they wrote."""
    kinds = (Kind.FOLLOW_UP, Kind.HELP)
    return [delivery for delivery in scene.outbox(person) if delivery.kind in kinds]
