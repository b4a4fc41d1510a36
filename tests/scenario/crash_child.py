"""Launches and delivers into the browser chat until nothing is due; made to be killed."""

from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from bot.web.messenger import BrowserMessenger
from campaigns.flows import planning
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.storage.database import Database
from tests.sending import campaign, pulse, reminder, vision

LAUNCHED_AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def main(address: str, seconds: float, begins: Connection) -> None:
    """Everything that is due so many seconds after the launch is in people's threads.

    It says so when it begins, past its imports, so that it is killed at work.
    """
    database, now = Database(address), LAUNCHED_AT + timedelta(seconds=seconds)
    planning.CHUNK = 20  # many small transactions: many places to be killed at
    messenger = BrowserMessenger(database, lambda: now)
    begins.send(True)
    planning.launch(database, campaign(vision(), pulse(), reminder()), LAUNCHED_AT)
    while planning.plan(database, now) or deliver_due(database, messenger, compose, now):
        pass
