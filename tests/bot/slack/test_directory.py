"""Slack's directory as values: who is staff of ours, all pages of them, groups by handle."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk import WebClient

from bot.settings import Settings
from bot.slack.client import connect
from bot.slack.directory import Home, Reader, Roll, account
from campaigns.domain.accounts import Account, Standing
from campaigns.errors import (
    ConfigurationError,
    InDoubtError,
    InputError,
    PlatformClosedError,
    StateError,
)
from tests.slack_server import Crowd, SlackServer

HOME = Home("T1")
USER = {
    "id": "U1",
    "team_id": "T1",
    "name": "ada",
    "tz": "Europe/Berlin",
    "locale": "de-DE",
    "profile": {"real_name": "Ada  Lovelace", "email": "Ada@agency.example"},
}


def test_account_takes_what_a_user_says() -> None:
    assert account(USER, HOME) == Account(
        "U1", Standing.STAFF, "Ada Lovelace", "Ada@agency.example", "Europe/Berlin", "de-DE"
    )


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ({"deleted": True}, Standing.DEACTIVATED),
        ({"deleted": True, "is_bot": True}, Standing.DEACTIVATED),
        ({"is_bot": True}, Standing.BOT),
        ({"is_workflow_bot": True}, Standing.BOT),
        ({"id": "USLACKBOT", "is_bot": False}, Standing.BOT),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"is_stranger": True}, Standing.STRANGER),
        ({"team_id": "T9"}, Standing.STRANGER),  # shares a channel with us: not a "stranger"
        ({"is_invited_user": True}, Standing.INVITED),
        ({"team_id": "T9", "enterprise_user": {"enterprise_id": "E9"}}, Standing.STRANGER),
    ],
)
def test_account_is_not_staff_when_it_is_none_of_ours(
    told: dict[str, object], standing: Standing
) -> None:
    assert account({**USER, **told}, HOME).standing is standing


def test_account_of_another_workspace_is_staff_when_the_organisation_is_ours() -> None:
    user = {**USER, "team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}
    assert account(user, Home("T1", "E1")).standing is Standing.STAFF
    other = {**user, "enterprise_user": {"enterprise_id": "E2"}}
    assert account(other, Home("T1", "E1")).standing is Standing.STRANGER


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"tz": "Mars/Phobos"}, "time_zone"),
        ({"tz": None}, "time_zone"),
        ({"locale": "x\0y"}, "language"),
        ({"profile": {"email": "nobody"}}, "email"),
        ({"profile": {"email": ["a@b.example"]}}, "email"),
        ({"profile": None, "name": "\u202eada"}, "name"),
    ],
)
def test_account_leaves_empty_what_nobody_could_use(told: dict[str, object], field: str) -> None:
    assert getattr(account({**USER, **told}, HOME), field) == ""


@pytest.mark.parametrize("told", [{"id": None}, {"id": ""}, {"id": 7}])
def test_account_is_refused_without_its_words_when_it_has_no_id(told: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        account({**USER, **told}, HOME)
    assert "Ada" not in str(caught.value)


@pytest.fixture
def waits() -> list[float]:
    """The pauses that the reader made."""
    return []


def reader(slack: SlackServer, waits: list[float]) -> Reader:
    settings = Settings(slack_bot_token=SecretStr(slack.tokens.bot), slack_api_url=slack.api_url)
    return Reader(connect(settings), waits.append)


def test_reader_gives_everybody_once_over_all_pages(waits: list[float]) -> None:
    with SlackServer(Crowd(1_203)) as slack:
        read = reader(slack, waits)
        found = list(read.users(read.home()))
    assert len({each.id for each in found}) == len(found) == 1_205
    staff = [each for each in found if each.standing is Standing.STAFF]
    assert len(staff) == 1_203 - 12
    assert {each.language for each in staff} == set(Crowd.LOCALES)
    assert len(slack.calls("users.list")) == 3


def test_reader_waits_as_long_as_slack_asks(waits: list[float]) -> None:
    with SlackServer(["U1"]) as slack:
        slack.faults.add("users.list", 429, seconds=7)
        found = list(reader(slack, waits).users(HOME))
    assert waits == [7.0]
    assert [each.id for each in found][-1] == "U1"


@pytest.mark.parametrize("kind", ["reset_after_accept", "503", "internal_error"])
def test_reader_asks_again_when_a_page_did_not_come(waits: list[float], kind: str) -> None:
    with SlackServer(["U1"]) as slack:
        slack.faults.add("users.list", kind)
        assert list(reader(slack, waits).users(HOME))
        slack.faults.add("users.list", kind, None)
        with pytest.raises(InDoubtError):
            list(reader(slack, waits).users(HOME))


def test_reader_stops_when_the_token_is_no_longer_good(waits: list[float]) -> None:
    with SlackServer(["U1"]) as slack:
        slack.faults.add("users.list", "token_revoked")
        with pytest.raises(PlatformClosedError, match="token_revoked"):
            list(reader(slack, waits).users(HOME))


def test_reader_names_the_scope_when_one_is_missing(waits: list[float]) -> None:
    with (
        SlackServer(["U1"], scopes={"chat:write"}) as slack,
        pytest.raises(ConfigurationError, match="the scope users:read is missing"),
    ):
        list(reader(slack, waits).users(HOME))


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A workspace with three overlapping groups."""
    groups = {"Phones": ["U1", "U2"], "Night Shift": ["U2", "U3"], "Directors": ["U1"]}
    with SlackServer(["U1", "U2", "U3"], groups=groups) as server:
        yield server


def test_groups_are_teams_and_roles_by_handle(slack: SlackServer, waits: list[float]) -> None:
    found = reader(slack, waits).groups(["@phones"], ["directors"])
    assert dict(found.teams) == {"U1": "Phones", "U2": "Phones"}
    assert dict(found.roles) == {"U1": "Directors"}


def test_account_in_two_teams_is_unclear(slack: SlackServer, waits: list[float]) -> None:
    found = reader(slack, waits).groups(["phones", "night-shift", "phones"], [])
    assert found.unclear == {"U2"}
    assert dict(found.teams) == {"U1": "Phones", "U3": "Night Shift"}


def test_groups_names_those_there_are_when_one_is_not(
    slack: SlackServer, waits: list[float]
) -> None:
    with pytest.raises(InputError, match="known: directors, night-shift, phones"):
        reader(slack, waits).groups(["fones"], [])


def test_groups_asks_nothing_when_none_are_wished(slack: SlackServer, waits: list[float]) -> None:
    reader(slack, waits).groups([], [])
    assert not slack.calls("usergroups.list")


def test_roll_gives_the_same_accounts_as_often_as_asked() -> None:
    accounts = [account(USER, HOME), account({"id": "U2", "deleted": True}, HOME)]
    with Roll() as roll:
        roll.take(iter(accounts))
        assert list(roll) == list(roll) == accounts


class Odd(Reader):
    """Reads what no Slack ever said."""

    def __init__(self, page: dict[str, object]) -> None:
        super().__init__(WebClient(), lambda _: None)
        self._page = page

    def _call(self, method: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ARG002
        return self._page


def test_reader_leaves_out_who_can_not_be_told_apart_and_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd: list[object] = [None, "words", {"name": "words"}, {"id": "U1\x00"}, {"id": "U" * 40_000}]
    page: dict[str, object] = {"members": [*odd, {"id": "U1"}]}
    assert [one.id for one in Odd(page).users(Home("T1"))] == ["U1"]
    assert len([one for one in caplog.records if one.name == "bot.slack.directory"]) == len(odd)
    assert "words" not in caplog.text


@pytest.mark.parametrize("page", [{}, {"members": None}, {"members": "U1"}])
def test_reader_takes_no_list_for_no_empty_one(page: dict[str, object]) -> None:
    with pytest.raises(StateError, match="can't be read: nothing was changed"):
        list(Odd(page).users(Home("T1")))
