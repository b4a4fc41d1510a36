"""Answers are erased when we said they would be, with all that tells what somebody said.

What was published of groups stays; what was asked stays, without the answer. Erased here are the
answers, their scores, the decisions made of them, and follow-ups and help, which show what kind of
answer they were the reply to.
"""

from datetime import datetime, timedelta

from campaigns.domain.retention import erase_before
from campaigns.flows.noticing import LOOK_BACK
from campaigns.storage import aggregates, directory, erasing, loosening
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage.database import Database

ABSENCES_KEPT = LOOK_BACK  # until no pulse that was open then is looked through for silence


def erase_aged(database: Database, now: datetime) -> int:
    """Nothing is kept beyond its campaign's promise, and no absence once it is long over; gives
    how many answers were erased.

    The shortest time that any version of the campaign promised holds for all of its answers.
    """
    with database.write() as c:
        directory.forget_absences(c, now.date() - ABSENCES_KEPT)
    with database.read() as c:
        due = []
        for launched in campaigns_store.all_launched(c):
            promise, _ = aggregates.rules(c, launched.id, now)
            before = erase_before(now, promise.erase_after_months)
            if launched.launched_at < before:
                due.append((launched.id, before))
    return sum(_erase(database, campaign_id, before) for campaign_id, before in due)


def _erase(database: Database, campaign_id: int, before: datetime) -> int:
    with database.write() as c:
        campaigns_store.hold(c, [campaign_id])
        # A loose answer has no moment but its period's, so it goes with the oldest of that one.
        promise, _ = aggregates.rules(c, campaign_id, before)
        loosening.erase(c, campaign_id, before + timedelta(weeks=promise.period_weeks))
        return erasing.erase(c, campaign_id, before)
