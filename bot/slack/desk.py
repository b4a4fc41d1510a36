"""Works off what was taken in, oldest first; a crash leaves it to whoever comes next.

One of the edges: what breaks is logged by its kind and its row, never with what it held. What was
stored is tried a few times and then given up, so that one bad item never holds up the others.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.logs import described
from campaigns.errors import ConfigurationError
from campaigns.storage import inbox
from campaigns.storage.database import Database
from campaigns.storage.inbox import MAX_ATTEMPTS, Received
from campaigns.storage.vault import Vault

BATCH = 50
_LOOK_AGAIN = 5.0  # seconds: how soon what a crash left behind, or another process, is found
_LULL = 0.03  # seconds without anything new
_PATIENCE = 1.5
_STUCK = 60.0  # an item that goes well takes a second at the most
_TIDY = timedelta(hours=1)
_log = logging.getLogger(__name__)

Do = Callable[[Mapping[str, Any], datetime], None]


class Desk:
    """Does each kind of item by its own function, in one thread between `start` and `stop`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        do: Mapping[str, Do],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._vault = vault
        self._do = do
        self._now = now
        self._something = threading.Event()
        self._stopping = False
        self._tidy_at = now()
        self._woken_at = 0.0
        self._moved_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="slack-desk", daemon=True)

    def wake(self) -> None:
        """Something came in."""
        self._woken_at = time.monotonic()
        self._something.set()

    def start(self) -> None:
        """What is there is worked off from now on."""
        self._moved_at = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """The item in hand is finished; the others stay where they are."""
        self._stopping = True
        self._something.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=10.0)

    def work(self) -> int:
        """One batch is done; gives how many it had, 0 where nothing waits."""
        with self._database.write() as connection:
            batch = inbox.claim(connection, self._now(), BATCH)
        left, done = list(reversed(batch)), []
        try:
            while left and not self._stopping:
                one = left.pop()
                if self._finished(one):
                    done.append(one.id)
                self._moved_at = time.monotonic()
        finally:
            if done or left:
                with self._database.write() as connection:
                    inbox.settle(connection, done)
                    inbox.give_back(connection, [one.id for one in left])
        return len(batch)

    def is_stuck(self) -> bool:
        """Whether nothing has been worked off, and nothing looked for, in a long while."""
        begun = self._thread.ident is not None and not self._stopping
        return begun and time.monotonic() - self._moved_at > _STUCK

    def _run(self) -> None:
        while not self._stopping:
            self._something.clear()
            self._moved_at = time.monotonic()
            try:
                busy = self.work()
                self._tidy()
            except Exception as error:
                _log.error("What came in could not be worked off: %s", described(error))
                busy = 0
            if not busy and self._something.wait(_LOOK_AGAIN):
                self._let_others_in()

    def _let_others_in(self) -> None:
        """Acknowledgements go first: in a burst, the work begins when it ebbs away, or after a
        while. Whoever pressed alone does not notice."""
        began = time.monotonic()
        while time.monotonic() - self._woken_at < _LULL and time.monotonic() - began < _PATIENCE:
            time.sleep(_LULL)

    def _tidy(self) -> None:
        """What is long done is forgotten, once an hour."""
        if self._tidy_at > (now := self._now()):
            return
        self._tidy_at = now + _TIDY
        with self._database.write() as connection:
            inbox.forget(connection, now)

    def _finished(self, one: Received) -> bool:
        """Whether nothing is left to do for it: done, or given up."""
        try:
            content = json.loads(self._vault.decrypt(one.content))
            self._do[one.kind](content, one.received_at)
        except ConfigurationError as error:  # a key is missing: it may come back, the press may not
            _log.error("Item %d can't be read: %s", one.id, described(error))
            return False
        except Exception as error:
            given_up = one.attempts >= MAX_ATTEMPTS
            _log.error(
                "Item %d of kind %s broke off%s: %s",
                one.id,
                one.kind,
                " for good" if given_up else "",
                described(error),
            )
            return given_up
        return True
