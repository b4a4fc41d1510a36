"""The budget of attention, said once more for tests, in another way than it is done."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from campaigns.domain.attention import Contact, Touch

WEEK = timedelta(days=7)


def keeps_to_all_budgets(
    wanted: Touch, spent: Sequence[Contact], at: datetime, zone: tzinfo = UTC
) -> bool:
    """Whether a message then fits beside those sent before it, in the budgets of all of them."""
    week = [one.touch for one in spent if at - WEEK < one.at <= at]
    everybody = [wanted, *week]
    if week and len(everybody) > min(one.limits.messages_per_week for one in everybody):
        return False
    most = min(one.limits.minutes_per_week for one in everybody)
    if week and sum(one.seconds for one in everybody) > 60 * most:
        return False
    days = [
        max(wanted.limits.days_between_pulses, one.touch.limits.days_between_pulses)
        - (at.astimezone(zone).date() - one.at.astimezone(zone).date()).days
        for one in spent
        if one.touch.is_pulse and wanted.is_pulse
    ]
    return max(days, default=0) <= 0
