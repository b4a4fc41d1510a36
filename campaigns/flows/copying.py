"""All that is kept about a person, as values that a program can read: for that person alone.

It is made when it is asked for and stored nowhere. What a person wrote is in it in clear, so it may
go to nothing but the file that they save.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from campaigns.domain.audit import names as audit_names
from campaigns.domain.definition import Definition, pick
from campaigns.domain.ledger import Entry
from campaigns.domain.people import Person
from campaigns.errors import ConfigurationError
from campaigns.flows.feeding import unpacked
from campaigns.storage import (
    alerts,
    answers,
    audit,
    campaigns,
    counted,
    decisions,
    detector_states,
    directory,
    ledger,
    offers,
    outbox,
    pseudonyms,
    questions,
)
from campaigns.storage.answers import OwnAnswer
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault

_LOCKED = "kept encrypted; its key is missing at this moment"


def copy_of(database: Database, vault: Vault, person: Person, now: datetime) -> dict[str, Any]:
    """The whole copy, every value a text, a number or a list of such."""
    with database.read() as c:
        return {
            "what": "Everything that Bellwether keeps about one person, for that person alone",
            "made_at": now.isoformat(timespec="seconds"),
            "staff_directory": _directory(c, person),
            "wishes": {
                "paused_until": _moment(person.paused_until),
                "messages_a_week_at_most": person.per_week,
            },
            "messages": list(_messages(c, person)),
            "answers": [_answer(c, vault, one) for one in answers.of_person(c, person.id)],
            "messages_chosen_by_a_rule": list(_choices(c, person)),
            "trainings_offered": list(_trainings(c, person)),
            "questions": list(_questions(c, vault, person)),
            "asked_to_be_contacted": [_moment(one) for one in outbox.contacts_of(c, person.id)],
            "counted_in_figures_of_so_many_periods": counted.n_of(c, person.id),
            "numbers_on_how_you_answer": dict(_numbers(c, vault, person)),
            "as_change_agent": _as_agent(c, vault, person),
            "decisions_you_answer_for": [_owned(c, one) for one in ledger.of_owner(c, person.id)],
        }


def _directory(c: Connection, person: Person) -> dict[str, Any]:
    hours = person.hours
    return {
        "id": person.external_id,
        "name": person.name,
        "email": person.email,
        "team": directory.tree(c).teams[person.team_id].name,
        "role": person.role,
        "location": person.location,
        "language": person.language,
        "time_zone": person.time_zone,
        "working_hours": f"{hours.start:%H:%M}-{hours.end:%H:%M}",
        "working_days": sorted(day + 1 for day in hours.days),  # 1 is Monday
        "public_holidays_of": person.holidays,
        "champion_of_the_change": person.champion,
        "away": [str(day) for day in (person.away_from, person.away_until) if day],
        "chat_accounts": [one for one in (person.slack_id, person.chat_id) if one],
    }


def _messages(c: Connection, person: Person) -> Iterator[dict[str, Any]]:
    for one in outbox.of_person(c, person.id):
        campaign = campaigns.by_id(c, one.campaign_id).key if one.campaign_id else ""
        yield {
            "campaign": campaign,
            "kind": one.kind.value,
            "message": one.touchpoint,
            "state": one.state.value,
            "due_at": _moment(one.due_at),
            "sent_at": _moment(one.sent_at),
        }


def _answer(c: Connection, vault: Vault, one: OwnAnswer) -> dict[str, Any]:
    definition = campaigns.definition(c, one.version_id) if one.version_id else None
    found: dict[str, Any] = {
        "campaign": campaigns.by_id(c, one.campaign_id).key,
        "question": _prompt(definition, one.question),
        "kind": one.kind,
        "answer": _read(vault, one.words) if one.words else one.choice or one.number,
        "answered_at": _moment(one.answered_at),
    }
    if one.consent:
        found["may_a_model_learn_from_it"] = one.consent
    if one.model:
        found["read_by_a_model"] = {
            "model": one.model,
            "stance": one.stance,
            "tone": one.sentiment,
            "what_stands_in_the_way": one.barrier,
            "themes": [theme for theme in (one.themes or "").split(";") if theme],
            "may_need_help": bool(one.safeguarding),
        }
    return found


def _prompt(definition: Definition | None, key: str) -> str:
    if definition is None or not key:
        return key
    try:
        language = definition.default_language
        return pick(definition.question(key).prompt, language, language)
    except KeyError:
        return key


def _choices(c: Connection, person: Person) -> Iterator[dict[str, Any]]:
    for one in decisions.of_person(c, person.id):
        found: dict[str, Any] = {
            "campaign": campaigns.by_id(c, one.campaign_id).key,
            "rule": one.rule,
            "because_of_kinds": one.inputs.split("+"),
            "decided_at": _moment(one.decided_at),
        }
        if one.version_id is not None:  # what decided; a later version may say something else
            rule = campaigns.definition(c, one.version_id).rule(one.rule)
            found["the_rule_looked_for"] = rule.when.model_dump(mode="json", exclude_defaults=True)
        if one.model:
            found["read_by_model"] = one.model
        if one.p_held is not None:  # older ones were made without chance
            found |= {
                "message": one.send,
                "chance_of_this_message_among_its_variants": one.p_send,
                "left_out_by_chance_to_see_whether_it_helps": one.held,
                "chance_of_being_left_out": one.p_held,
            }
        yield found


def _trainings(c: Connection, person: Person) -> Iterator[dict[str, Any]]:
    """Whether it was taken, done and of help stands among the answers."""
    for campaign_id, offer in offers.of_person(c, person.id):
        yield {
            "campaign": campaigns.by_id(c, campaign_id).key,
            "training": offer.training,
            "because_of_competence": offer.competence,
        }


def _questions(c: Connection, vault: Vault, person: Person) -> Iterator[dict[str, Any]]:
    for one in questions.of_asker(c, person.id):
        yield {
            "campaign": campaigns.by_id(c, one.campaign_id).key,
            "question": _read(vault, one.words),
            "with_name": one.named,
            "state": one.state.value,
            "answer": _read(vault, one.answer) if one.answer else None,
        }


def _numbers(c: Connection, vault: Vault, person: Person) -> Iterator[tuple[str, list[float]]]:
    """What the detector carries under a made-up name; nothing where no key leads to that name."""
    try:
        names = pseudonyms.of_person(c, vault, person.id)
    except ConfigurationError:
        return
    for campaign_id, numbers in detector_states.of_names(c, names).items():
        yield campaigns.by_id(c, campaign_id).key, unpacked(numbers).tolist()


def _as_agent(c: Connection, vault: Vault, person: Person) -> dict[str, Any]:
    return {
        "entries_in_the_audit_log": sum(
            audit.n_of(c, name) for name in audit_names(person.external_id)
        ),
        "alerts": [
            {
                "team": one.finding.team,
                "state": one.state.value,
                "tried": one.tried,
                "note": _read(vault, one.note) if one.note else None,
            }
            for one in alerts.taken_by(c, person.id)
        ],
    }


def _owned(c: Connection, one: Entry) -> dict[str, Any]:
    return {
        "campaign": campaigns.by_id(c, one.campaign_id).key,
        "theme": one.voice.theme.value,
        "state": one.decision.course.value,
        "text": dict(one.decision.text),
        "due_on": one.decision.due_on.isoformat(),
    }


def _read(vault: Vault, secret: bytes) -> str:
    words = vault.read(secret)  # without a key for one, the rest is owed all the same
    return _LOCKED if words is None else words


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
