"""What change agents do with an alert: take it, come back to it, hand it over, close it.

Several agents may hold the same message. Whoever presses says which version they looked at, so two
of them never both have it; the second learns who was first. A note is stored encrypted.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from campaigns.domain.alert_message import Standing, alert, moved
from campaigns.domain.alerts import STANDING, AlertKind, AlertState, Ending
from campaigns.domain.messages import Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.domain.wording import say, say_count
from campaigns.errors import InputError, NotFoundError, StateError
from campaigns.flows.escalating import owners
from campaigns.flows.notifying import notify
from campaigns.storage import alerts as alerts_store
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage import directory, outbox
from campaigns.storage.alerts import Alert
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault

LONGEST_NOTE = 1000
LONGEST_SNOOZE_DAYS = 28
MOST_OTHERS = 100


def take(database: Database, alert_id: int, agent_id: int, version: int, now: datetime) -> Alert:
    """The agent has the alert from now on; a second press changes nothing.

    Raises NotFoundError for who isn't responsible, StateError where another was first.
    """
    with database.write() as c:
        found = _mine_to_change(c, alert_id, agent_id)
        if found.state is AlertState.TAKEN and found.agent_id == agent_id:
            return found
        return _change(c, found, agent_id, version, AlertState.TAKEN, now)


def snooze(
    database: Database, alert_id: int, agent_id: int, version: int, days: int, now: datetime
) -> Alert:
    """The agent has the alert and is asked again after 1 to 28 days; raises as `take` does."""
    if not 1 <= days <= LONGEST_SNOOZE_DAYS:
        raise InputError(f"An alert can rest for 1 to {LONGEST_SNOOZE_DAYS} days.")
    until = now + timedelta(days=days)
    with database.write() as c:
        found = _mine_to_change(c, alert_id, agent_id)
        if found.state is AlertState.SNOOZED and found.agent_id == agent_id:
            return found
        return _change(c, found, agent_id, version, AlertState.SNOOZED, now, until=until)


def hand_over(
    database: Database, alert_id: int, agent_id: int, version: int, to: str, now: datetime
) -> Alert:
    """The change agent with the external id `to` has the alert and gets its message.

    Raises as `take` does, and StateError where `to` is no active change agent.
    """
    with database.write() as c:
        found = _mine_to_change(c, alert_id, agent_id)
        chosen = next((one for one in _agents(c, found, agent_id) if one[1] == to), None)
        if chosen is None:
            language = directory.person(c, agent_id).language
            raise StateError(say(language, "Please choose another change agent."))
        changed = _change(
            c, found, agent_id, version, AlertState.TAKEN, now, new_owner_id=chosen[0]
        )
        launched = campaigns_store.by_id(c, changed.campaign_id)
        again = f":v{changed.version}"
        notify(c, launched, Kind.ALERT, changed.id, [chosen[0]], now, again)
        return changed


def try_out(
    database: Database, alert_id: int, agent_id: int, version: int, action: str, now: datetime
) -> Alert:
    """The agent has the alert, and everybody it went to sees what is tried; raises as `take` does.

    Raises InputError where the campaign has no such action.
    """
    with database.write() as c:
        found = _mine_to_change(c, alert_id, agent_id)
        actions = campaigns_store.by_id(c, found.campaign_id).definition.campaign.agent_actions
        if action not in {one.key for one in actions}:
            raise InputError("The campaign has no such action.")
        if found.state is AlertState.TAKEN and (found.agent_id, found.tried) == (agent_id, action):
            return found
        return _change(c, found, agent_id, version, AlertState.TAKEN, now, tried=action)


def close(
    database: Database,
    vault: Vault,
    alert_id: int,
    agent_id: int,
    version: int,
    note: str,
    now: datetime,
    ending: Ending | None = None,
) -> Alert:
    """The alert is closed with what came of it; the note, cut to 1000 characters, is encrypted.

    Raises as `take` does.
    """
    text = note.strip()[:LONGEST_NOTE]
    secret = vault.encrypt(text) if text else None
    with database.write() as c:
        found = _mine_to_change(c, alert_id, agent_id)
        if found.state is AlertState.CLOSED and found.agent_id == agent_id:
            return found
        return _change(
            c, found, agent_id, version, AlertState.CLOSED, now, note=secret, ending=ending
        )


def compose_alert(connection: Connection, delivery: Delivery) -> Message:
    """The alert of this delivery as it stands, in the language of its agent.

    Raises NotFoundError where the delivery is about no alert.
    """
    if delivery.subject_id is None:
        raise NotFoundError("This delivery is about no alert.")
    found = alerts_store.by_id(connection, delivery.subject_id)
    launched = campaigns_store.by_id(connection, found.campaign_id)
    reader = directory.person(connection, delivery.person_id)
    if _goes_on_below(connection, delivery):
        return moved(found.finding, reader.language, delivery.key)
    owner = None if found.agent_id is None else directory.person(connection, found.agent_id)
    mine = found.agent_id == reader.id
    agents = _agents(connection, found, reader.id) if found.state in STANDING else []
    standing = Standing(
        state=found.state,
        version=found.version,
        owner=owner.name if owner else None,
        is_mine=mine,
        others=tuple((external_id, name) for _, external_id, name in agents[:MOST_OTHERS]),
        until=_local_day(found.snoozed_until, reader),
        waited=_waited(found, launched),
        ending=found.ending,
        tried=found.tried,
        experience=alerts_store.experience(connection, found.campaign_id),
    )
    return alert(found.finding, standing, launched.definition, reader.language, delivery.key)


def _local_day(moment: datetime | None, reader: Person) -> date | None:
    return None if moment is None else moment.astimezone(ZoneInfo(reader.time_zone)).date()


def _waited(found: Alert, launched: Launched) -> int | None:
    """After how many working days more people were asked; None where nobody was."""
    asked = found.escalated_at is not None and launched.definition.campaign.owners
    return launched.definition.campaign.escalate_after_days if asked else None


def _goes_on_below(c: Connection, delivery: Delivery) -> bool:
    """Whether its reader got a later message about the same alert; what goes out first is last."""
    return delivery.sent_at is not None and any(
        one.kind is Kind.ALERT
        and one.subject_id == delivery.subject_id
        and one.state is State.SENT
        and one.id > delivery.id
        for one in outbox.of_person(c, delivery.person_id)
    )


def _mine_to_change(c: Connection, alert_id: int, agent_id: int) -> Alert:
    found = alerts_store.by_id(c, alert_id)
    of_all = found.finding.kind is AlertKind.EVERYBODY
    teams = directory.tree(c).children(None) if of_all else [found.team_id]
    mine = found.agent_id == agent_id or any(
        directory.is_agent_for(c, agent_id, team) for team in teams
    )
    if not mine and not _is_asked_too(c, found, agent_id):
        raise NotFoundError("There is no such alert.")
    return found


def _is_asked_too(c: Connection, found: Alert, person_id: int) -> bool:
    """Whether nobody took it in time, and this is one of those who were told then."""
    if found.escalated_at is None:
        return False
    launched = campaigns_store.by_id(c, found.campaign_id)
    return person_id in {owner.id for owner in owners(c, launched)}


def _change(
    c: Connection,
    found: Alert,
    agent_id: int,
    version: int,
    state: AlertState,
    now: datetime,
    *,
    new_owner_id: int | None = None,
    until: datetime | None = None,
    note: bytes | None = None,
    ending: Ending | None = None,
    tried: str | None = None,
) -> Alert:
    taken = found.agent_id is not None and found.agent_id != agent_id
    if found.state not in STANDING or found.version != version or taken:
        raise StateError(_who_was_first(c, found, agent_id, now))
    owner = new_owner_id or agent_id
    if not alerts_store.change(
        c,
        found,
        state,
        now,
        agent_id=owner,
        snoozed_until=until,
        note=note,
        ending=ending,
        tried=tried,
    ):
        raise StateError(_who_was_first(c, alerts_store.by_id(c, found.id), agent_id, now))
    return alerts_store.by_id(c, found.id)


def _agents(c: Connection, found: Alert, but: int) -> list[tuple[int, str, str]]:
    """(id, external id, name) of all active change agents but one: the team's own come first."""
    near = directory.agents_for(c, found.team_id)
    everybody = directory.people(c, {person for _, person in directory.agent_pairs(c)} - {but})
    ranked = sorted(everybody.values(), key=lambda one: (one.id not in near, one.name, one.id))
    return [(one.id, one.external_id, one.name) for one in ranked if one.active]


def _who_was_first(c: Connection, found: Alert, reader_id: int, now: datetime) -> str:
    language = directory.person(c, reader_id).language
    if found.state is AlertState.RESOLVED:
        return say(language, "This is over: the team's answers are back to normal.")
    if found.agent_id is None or found.agent_id == reader_id:
        return say(language, "This has changed meanwhile; please look at its newest state.")
    name = directory.person(c, found.agent_id).first_name
    ago = _ago(language, now - found.changed_at)
    if found.state is AlertState.CLOSED:
        return say(language, "{name} closed this {ago}.", name=name, ago=ago)
    if found.state is AlertState.SNOOZED:
        return say(language, "{name} put this off {ago} and comes back to it.", name=name, ago=ago)
    return say(language, "{name} took this {ago}.", name=name, ago=ago)


def _ago(language: str, past: timedelta) -> str:
    minutes = int(past.total_seconds() // 60)
    if minutes < 1:
        return say(language, "just now")
    if minutes < 60:
        return say_count(language, "{n} minute ago", "{n} minutes ago", minutes)
    if minutes < 24 * 60:
        return say_count(language, "{n} hour ago", "{n} hours ago", minutes // 60)
    return say_count(language, "{n} day ago", "{n} days ago", minutes // (24 * 60))
