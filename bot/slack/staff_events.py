"""Slack tells that somebody joined, changed or left: the directory follows at once.

What comes here was stored before it was acknowledged, and comes again when this breaks. Only ids
are logged.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.slack.directory import Home, account
from campaigns.errors import InputError
from campaigns.flows.noticing_accounts import notice
from campaigns.storage.database import Database

KINDS = ("team_join", "user_change")  # a deactivation is a change too
_log = logging.getLogger(__name__)


class StaffEvents:
    """Works off the events that are about somebody's account.

    `home` tells the workspace; it is asked once, with the first event.
    """

    def __init__(self, database: Database, home: Callable[[], Home], *, profiles: bool) -> None:
        self._database = database
        self._ask = home
        self._profiles = profiles
        self._home: Home | None = None

    def by_kind(self) -> Mapping[str, Callable[[Mapping[str, Any], datetime], None]]:
        """Kind of event → what is done with it."""
        return dict.fromkeys(KINDS, self.do)

    def do(self, event: Mapping[str, Any], _at: datetime) -> None:
        """The directory says what the event says. Raises DeliveryError where Slack is not there."""
        self._home = self._home or self._ask()
        user = event.get("user")
        try:
            told = account(user if isinstance(user, Mapping) else {}, self._home)
        except InputError as error:
            _log.warning("%s", error)
            return
        came = notice(self._database, told, profiles=self._profiles)
        _log.info("Slack told of account %s: %s", told.id, came)
