"""Launches and delivers into Slack until nothing is due; made to be killed."""

from datetime import timedelta
from multiprocessing.connection import Connection

from bot.settings import Settings
from campaigns.flows import delivering, planning
from campaigns.flows.not_disturbing import Undisturbed
from campaigns.storage.database import Database
from tests.bot.slack import desk
from tests.scenario.crash_child import LAUNCHED_AT
from tests.sending import campaign, plain, vision


def main(address: str, given: Settings, seconds: float, begins: Connection) -> None:
    """Everything that is due so many seconds after the launch is in people's conversations."""
    database, now = Database(address), LAUNCHED_AT + timedelta(seconds=seconds)
    delivering.BATCH = 10  # many small transactions: many places to be killed at
    messenger = desk.messenger_by(given, database, now)
    begins.send(True)
    planning.launch(database, campaign(vision()), LAUNCHED_AT)
    known = Undisturbed()
    while planning.plan(database, now) or delivering.deliver_due(
        database, messenger, plain, now, undisturbed=known
    ):
        pass
