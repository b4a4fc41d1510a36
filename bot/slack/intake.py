"""Where everything that Slack sends is kept before it is acknowledged (D8).

A burst of presses comes in at once. One transaction each would queue at the database for seconds;
here one thread writes down all that waits, again and again, and each caller is told when its own
item is committed. No thread has to wait for that: those that do would keep each other from running.
"""

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from campaigns.errors import StateError
from campaigns.storage import inbox
from campaigns.storage.database import Database
from campaigns.storage.inbox import NewItem
from campaigns.storage.vault import Vault

Lost = Callable[[Exception], None]


def _told(error: Exception) -> None:
    raise error


class Intake:
    """Keeps items, encrypted, from the first `take` until `stop`; for any number of threads."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        now: Callable[[], datetime],
        stored: Callable[[], None],
    ) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._stored = stored
        self._waiting: list[tuple[NewItem, Future[None], Lost]] = []
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._stopping = False
        self._writer: threading.Thread | None = None

    def take(
        self, key: str, kind: str, content: Mapping[str, Any], lost: Lost = _told
    ) -> Future[None]:
        """Done once the item is committed, however often it comes.

        Where that fails, and after `stop`, for what nobody writes must not be acknowledged, `lost`
        is told why, and it fails with what that raises: by default the same.
        """
        secret = self._vault.encrypt(json.dumps(content))
        done: Future[None] = Future()
        with self._lock:
            if self._stopping:
                _fail(done, lost, StateError("Bellwether stops: nothing more is taken in."))
                return done
            self._waiting.append((NewItem(key, kind, secret, self._now()), done, lost))
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name="slack-intake", daemon=True)
                self._writer.start()
        self._something.set()
        return done

    def stop(self) -> None:
        """What waits is written, and nothing after it."""
        with self._lock:
            self._stopping = True
        self._something.set()
        if self._writer is not None:
            self._writer.join(timeout=10.0)

    def _run(self) -> None:
        while not self._stopping:
            self._something.wait()
            self._something.clear()
            self._write_all()
        self._write_all()  # what came in between the last writing and `stop`

    def _write_all(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            with self._database.write() as connection:
                inbox.put(connection, [item for item, _, _ in batch])
        except Exception as error:  # each caller learns of it, and answers its own person
            for _, done, lost in batch:
                _fail(done, lost, error)
        else:
            for _, done, _ in batch:
                done.set_result(None)
            self._stored()


def _fail(done: Future[None], lost: Lost, error: Exception) -> None:
    try:
        lost(error)
    except Exception as raised:  # the writer's thread has others to tell
        done.set_exception(raised)
    else:
        done.set_result(None)
