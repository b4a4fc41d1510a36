"""Two agents and one alert: nobody takes it twice, and the second learns who was first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.domain.alerts import AlertState, Ending, Tried
from campaigns.domain.messages import Action, Actions, Button, Picker
from campaigns.domain.outbox import Kind
from campaigns.errors import InputError, NotFoundError, StateError
from campaigns.flows import handling, reporting
from campaigns.flows.notifying import notify
from campaigns.storage import alerts, directory, outbox
from campaigns.storage.alerts import Alert
from campaigns.storage.database import Database
from campaigns.storage.tables import alerts as table
from campaigns.storage.vault import Vault, new_key
from tests.agency import Agency
from tests.campaigns.storage.test_alerts import FINDING

SOON = timedelta(minutes=2)


class Office:
    """One open alert of a team in the north; `first` and `second` are its agents."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now = database, now
        self.agency = Agency(database, now, [12, 12])
        team = self.agency.teams[0]
        self.first, self.stranger = self.agency.agents
        self.second = self.agency.staff[team][0]
        with database.write() as c:
            pairs = directory.agent_pairs(c) | {(self.agency.divisions[0], self.second)}
            directory.replace_agents(c, pairs)
            self.alert_id = alerts.put(c, self.agency.campaign.id, team, FINDING, now)
            both = [self.first, self.second]
            notify(c, self.agency.campaign, Kind.ALERT, self.alert_id, both, now)

    def alert(self) -> Alert:
        with self.database.read() as c:
            return alerts.by_id(c, self.alert_id)

    def take(self, agent: int, version: int = 1) -> Alert:
        return handling.take(self.database, self.alert_id, agent, version, self.now)

    def try_out(self, agent: int, version: int, action: str) -> Alert:
        return handling.try_out(self.database, self.alert_id, agent, version, action, self.now)

    def messages(self, agent: int) -> list[str]:
        with self.database.read() as c:
            return [
                handling.compose_alert(c, one).fallback_text
                for one in outbox.of_person(c, agent)
                if one.kind is Kind.ALERT
            ]

    def external_id(self, person: int) -> str:
        with self.database.read() as c:
            return directory.person(c, person).external_id


@pytest.fixture
def office(database: Database, now: datetime) -> Office:
    return Office(database, now)


@pytest.fixture
def vault() -> Vault:
    return Vault([new_key()])


def test_who_takes_it_has_it(office: Office) -> None:
    found = office.take(office.first)
    assert (found.state, found.agent_id, found.version) == (AlertState.TAKEN, office.first, 2)
    assert office.alert() == found


def test_a_second_press_of_the_same_agent_changes_nothing(office: Office) -> None:
    assert office.take(office.first) == office.take(office.first)


def test_the_second_agent_learns_who_was_first(office: Office) -> None:
    office.take(office.first)
    with pytest.raises(StateError, match=r"Member took this 2 minutes ago\."):
        handling.take(office.database, office.alert_id, office.second, 1, office.now + SOON)
    assert office.alert().agent_id == office.first


def test_the_second_agent_learns_it_in_their_language(office: Office) -> None:
    office.take(office.first)
    with office.database.write() as c:
        directory.put(c, replace(directory.person(c, office.second), language="de"))
    with pytest.raises(StateError) as refused:
        office.take(office.second)
    assert "took" not in str(refused.value)


@pytest.mark.parametrize("version", [1, 2])
def test_what_somebody_has_nobody_else_can_change(
    office: Office, vault: Vault, version: int
) -> None:
    office.take(office.first)
    database, second, now = office.database, office.second, office.now
    to = office.external_id(office.stranger)
    changes: list[Callable[[], Alert]] = [
        lambda: handling.take(database, office.alert_id, second, version, now),
        lambda: handling.snooze(database, office.alert_id, second, version, 7, now),
        lambda: handling.hand_over(database, office.alert_id, second, version, to, now),
        lambda: handling.close(database, vault, office.alert_id, second, version, "", now),
    ]
    for change in changes:
        with pytest.raises(StateError, match="took this"):
            change()
    assert office.alert().version == 2


def test_what_is_tried_is_seen_by_all_who_got_it(office: Office) -> None:
    found = office.try_out(office.first, 1, "fix")
    assert (found.state, found.agent_id, found.tried) == (AlertState.TAKEN, office.first, "fix")
    assert office.try_out(office.first, 1, "fix") == found  # a second press
    assert all("What is tried: Fix." in text for text in office.messages(office.second))
    with pytest.raises(StateError, match="took this"):
        office.try_out(office.second, 2, "practise")


def test_what_was_tried_outlives_the_closing_and_is_learned_from(
    office: Office, vault: Vault
) -> None:
    database, team, now = office.database, office.agency.teams[0], office.now
    for ending in (Ending.HELPED, Ending.NO_HELP, Ending.HELPED, Ending.NOTHING):
        with database.write() as c:
            alert_id = alerts.put(c, office.agency.campaign.id, team, FINDING, now)
        handling.try_out(database, alert_id, office.first, 1, "fix", now)
        handling.close(database, vault, alert_id, office.first, 2, "", now, ending)
    with database.read() as c:
        assert alerts.experience(c, office.agency.campaign.id) == {"fix": Tried(3, 2)}
    overview = reporting.overview(database, office.agency.campaign.key, now)
    assert [(row.title, row.tried) for row in overview.tried] == [("Fix", Tried(3, 2))]


def test_an_action_of_no_campaign_cannot_be_tried(office: Office) -> None:
    with pytest.raises(InputError, match="no such action"):
        office.try_out(office.first, 1, "elsewhere")
    assert office.alert().version == 1


def test_who_is_not_responsible_finds_no_such_alert(office: Office) -> None:
    for person in (office.stranger, office.agency.staff[office.agency.teams[0]][3]):
        with pytest.raises(NotFoundError, match="no such alert"):
            office.take(person)
    with pytest.raises(NotFoundError, match="no such alert"):
        handling.take(office.database, 999, office.first, 1, office.now)


def test_snoozing_keeps_it_for_the_agent_until_then(office: Office) -> None:
    found = handling.snooze(office.database, office.alert_id, office.first, 1, 7, office.now)
    assert (found.state, found.agent_id) == (AlertState.SNOOZED, office.first)
    assert found.snoozed_until == office.now + timedelta(days=7)


@pytest.mark.parametrize("days", [0, -1, 29])
def test_snoozing_refuses_other_times(office: Office, days: int) -> None:
    with pytest.raises(InputError, match="1 to 28 days"):
        handling.snooze(office.database, office.alert_id, office.first, 1, days, office.now)


def test_handing_over_gives_it_to_the_other_and_tells_them(office: Office) -> None:
    to = office.external_id(office.stranger)
    found = handling.hand_over(office.database, office.alert_id, office.first, 1, to, office.now)
    assert (found.state, found.agent_id) == (AlertState.TAKEN, office.stranger)
    assert "You have this." in office.messages(office.stranger)[0]
    # Now it is theirs although their own teams are elsewhere.
    vault = Vault([new_key()])
    closed = handling.close(
        office.database, vault, office.alert_id, office.stranger, 2, "", office.now
    )
    assert closed.state is AlertState.CLOSED


@pytest.mark.parametrize("to", ["nobody", "", "self"])
def test_handing_over_refuses_who_is_no_other_agent(office: Office, to: str) -> None:
    chosen = office.external_id(office.first) if to == "self" else to
    with pytest.raises(StateError, match="another change agent"):
        handling.hand_over(office.database, office.alert_id, office.first, 1, chosen, office.now)
    assert office.alert().version == 1


def test_a_note_is_stored_unreadable(office: Office, vault: Vault) -> None:
    note = "They lack a second screen."
    handling.close(office.database, vault, office.alert_id, office.first, 1, note, office.now)
    with office.database.read() as c:
        stored = c.scalar(select(table.c.note))
    assert stored is not None
    assert b"screen" not in stored
    assert vault.decrypt(stored) == note


def test_an_outdated_button_of_the_same_agent_changes_nothing(office: Office, vault: Vault) -> None:
    taken = office.take(office.first)
    with pytest.raises(StateError, match="changed meanwhile"):
        handling.close(
            office.database, vault, office.alert_id, office.first, 1, "Done.", office.now
        )
    assert office.alert() == taken


def test_an_empty_note_is_none(office: Office, vault: Vault) -> None:
    found = handling.close(
        office.database, vault, office.alert_id, office.first, 1, "  ", office.now
    )
    assert found.note is None


def test_what_is_closed_stays_closed(office: Office, vault: Vault) -> None:
    handling.close(office.database, vault, office.alert_id, office.first, 1, "", office.now)
    with pytest.raises(StateError, match="closed this just now"):
        office.take(office.second, version=2)
    with pytest.raises(StateError, match="newest state"):
        office.take(office.first, version=2)


def test_messages_show_who_has_it_and_offer_the_other_agents(office: Office) -> None:
    with office.database.read() as c:
        delivery = outbox.of_person(c, office.second)[0]
        before = handling.compose_alert(c, delivery)
    pickers = [part for part in before.parts if isinstance(part, Picker)]
    (people,) = (one for one in pickers if one.chooses == "person")
    others = [external_id for external_id, _ in people.options]
    assert others == [office.external_id(office.first), office.external_id(office.stranger)]
    office.take(office.first)
    with office.database.read() as c:
        after = handling.compose_alert(c, delivery)
    assert "has this." in after.fallback_text
    presses = [
        item.tap.action
        for part in after.parts
        if isinstance(part, Actions)
        for item in part.items
        if isinstance(item, Button)
    ]
    assert Action.TAKE not in presses


def test_composing_refuses_a_delivery_about_no_alert(office: Office) -> None:
    with office.database.read() as c:
        delivery = outbox.of_person(c, office.first)[0]
        with pytest.raises(NotFoundError):
            handling.compose_alert(c, replace(delivery, subject_id=None))
