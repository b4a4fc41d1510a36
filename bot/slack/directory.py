"""Slack's users and user groups as values; who is staff of ours, and who is not, is decided here.

Users are fetched page by page into a file without a name, so that a hundred thousand of them never
stand in memory and nothing is changed before all of them are there. The file is gone with the
process, whatever ends it.
"""

import json
import logging
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Self, TextIO

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.client import calling
from bot.slack.scopes import METHODS
from campaigns.domain.accounts import Account, Groups, Standing, usable
from campaigns.errors import (
    ConfigurationError,
    InDoubtError,
    InputError,
    RetryLaterError,
    StateError,
)

# Slack advises 200 and takes 999. At 20 calls a minute, 500 fetches 100,000 people in 10 minutes.
PAGE = 500
_TRIES = 5
_SLACKBOT = "USLACKBOT"  # which Slack itself does not call a bot
_BACK_OFF_SECONDS = 5.0
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Home:
    """The workspace that the bot is installed in, and the organisation it may belong to."""

    team_id: str
    enterprise_id: str = ""


def account(user: Mapping[str, Any], home: Home) -> Account:
    """The account that a user object of Slack's describes, in a list or in an event.

    Raises InputError where it has no id.
    """
    account_id = user.get("id")
    if not isinstance(account_id, str) or not _ID.fullmatch(account_id):
        raise InputError("Slack sent a user without a usable id: it was left out.")
    profile = user.get("profile")
    told = profile if isinstance(profile, Mapping) else {}
    return Account(
        id=account_id,
        standing=_standing(user, home),
        name=usable("name", told.get("real_name") or user.get("real_name") or user.get("name")),
        email=usable("email", told.get("email")),
        time_zone=usable("time_zone", user.get("tz")),
        language=usable("language", user.get("locale")),
    )


def _standing(user: Mapping[str, Any], home: Home) -> Standing:
    if user.get("deleted"):
        return Standing.DEACTIVATED
    bot = user.get("is_bot") or user.get("is_workflow_bot") or user.get("is_connector_bot")
    if bot or user.get("id") == _SLACKBOT:
        return Standing.BOT
    if user.get("is_stranger") or not _ours(user, home):
        return Standing.STRANGER  # also whoever shares a channel with us through Slack Connect
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.INVITED if user.get("is_invited_user") else Standing.STAFF


def _ours(user: Mapping[str, Any], home: Home) -> bool:
    organisation = user.get("enterprise_user")
    if home.enterprise_id and isinstance(organisation, Mapping):
        return bool(organisation.get("enterprise_id") == home.enterprise_id)
    return bool(user.get("team_id", home.team_id) == home.team_id)


class Reader:
    """Reads the directory of the workspace; waits where Slack asks for it, and tries again."""

    def __init__(self, client: WebClient, wait: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._wait = wait

    def home(self) -> Home:
        """The workspace that the token is for. Raises DeliveryError."""
        told = self._call("auth.test")
        return Home(str(told.get("team_id", "")), str(told.get("enterprise_id") or ""))

    def users(self, home: Home) -> Iterator[Account]:
        """Everybody in the workspace, a page in memory at a time. Raises DeliveryError."""
        cursor = ""
        while True:
            page = self._call("users.list", limit=PAGE, include_locale=True, cursor=cursor or None)
            yield from _accounts(page, home)
            following = _cursor(page)
            if not following:
                return
            if following == cursor:
                raise StateError("Slack gives the same page again: nothing was changed. Try later.")
            cursor = following

    def groups(self, teams: Sequence[str], roles: Sequence[str]) -> Groups:
        """Who is in these user groups, by handle. Raises InputError for a handle that isn't there.

        Whoever is in two of those taken for teams, or in two of those for roles, is unclear.
        """
        if not teams and not roles:
            return Groups()
        known = {
            str(group["handle"]): (str(group["id"]), usable("team", group.get("name")))
            for group in _listed(self._call("usergroups.list"), "usergroups")
            if group.get("handle") and group.get("id")
        }
        unclear: set[str] = set()
        of_teams = self._members(teams, known, unclear)
        of_roles = self._members(roles, known, unclear)
        for each in unclear:
            of_teams.pop(each, None)
            of_roles.pop(each, None)
        return Groups(of_teams, of_roles, frozenset(unclear))

    def _members(
        self, handles: Sequence[str], known: Mapping[str, tuple[str, str]], unclear: set[str]
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        for handle in dict.fromkeys(each.removeprefix("@") for each in handles):
            if handle not in known:
                there = ", ".join(sorted(known)) or "none"
                raise InputError(f'There is no user group "{handle}" in Slack; known: {there}.')
            group_id, name = known[handle]
            members = self._call("usergroups.users.list", usergroup=group_id).get("users") or ()
            for user in map(str, members):
                if found.setdefault(user, name or handle) != (name or handle):
                    unclear.add(user)
        return found

    def _call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """What Slack answers. A read may be repeated: it changes nothing."""
        for attempt in range(1, _TRIES + 1):
            try:
                with calling():
                    answer: Any = self._ask(method, arguments).data
                    return answer if isinstance(answer, dict) else {}
            except RetryLaterError as error:
                self._wait(error.after_seconds)
            except InDoubtError:
                if attempt == _TRIES:
                    raise
                self._wait(_BACK_OFF_SECONDS * attempt)
        raise StateError(f"Slack asked for a pause {_TRIES} times: nothing was changed. Try later.")

    def _ask(self, method: str, arguments: Mapping[str, Any]) -> SlackResponse:
        try:
            return self._client.api_call(method, params=dict(arguments))
        except SlackApiError as error:
            if error.response.get("error") != "missing_scope":
                raise
            scope = METHODS[method]
            raise ConfigurationError(
                f"The Slack app may not do this: the scope {scope} is missing. Bring the app up to "
                "slack-manifest.yaml and install it again; `bellwether doctor` looks at all scopes."
            ) from None


def _accounts(page: Mapping[str, Any], home: Home) -> Iterator[Account]:
    """Those of one page; what has no usable id is left out, and nothing of it is logged."""
    for user in _listed(page, "members"):
        try:
            yield account(user, home)
        except InputError as error:
            _log.warning("%s", error)


def _listed(page: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list. Raises StateError where there is none, for that is no empty one."""
    found = page.get(name)
    if not isinstance(found, list):
        raise StateError("Slack's answer can't be read: nothing was changed. Try later.")
    return [one if isinstance(one, Mapping) else {} for one in found]


def _cursor(page: Mapping[str, Any]) -> str:
    about = page.get("response_metadata")
    return str(about.get("next_cursor") or "") if isinstance(about, Mapping) else ""


class Roll:
    """Accounts on disk, to be walked through as often as needed; used as a context."""

    def __init__(self) -> None:
        # Closed by __exit__.
        self._file: TextIO = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, accounts: Iterator[Account]) -> None:
        """Keeps them all. Raises what reading them raises."""
        for each in accounts:
            self._file.write(json.dumps(astuple(each)) + "\n")

    def __iter__(self) -> Iterator[Account]:
        self._file.seek(0)
        for line in self._file:
            account_id, standing, *rest = json.loads(line)
            yield Account(account_id, Standing(standing), *rest)
