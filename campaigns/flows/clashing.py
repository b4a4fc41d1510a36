"""Which touchpoints of a campaign come at a bad moment, beside all else on the same day."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain.audience import teams_of
from campaigns.domain.bad_moments import DAY, Around, BadMoment, Elsewhere, bad_moments
from campaigns.domain.definition import Campaign
from campaigns.domain.people import TeamTree
from campaigns.storage import asked, campaigns, directory
from campaigns.storage.campaigns import STOPPED, Launched


def around(c: Connection, tree: TeamTree, campaign: Campaign) -> Around:
    """The other running campaigns, and the public holidays of this one's teams."""
    elsewhere = tuple(
        Elsewhere(one.definition, one.launched_at.date())
        for one in campaigns.running(c)
        if one.key != campaign.key
    )
    teams = teams_of(tree, campaign.audience)
    regions: Counter[str] = Counter()
    for team, region, n in asked.regions(c):
        if team in teams:
            regions[region] += n
    return Around(elsewhere, regions)


def to_move(c: Connection, launched: Launched, now: datetime) -> list[BadMoment]:
    """What comes at a bad moment from tomorrow on, in order; nothing of a stopped campaign."""
    if launched.state == STOPPED:
        return []
    tree = directory.tree(c, active_only=True)
    beside = around(c, tree, launched.definition.campaign)
    launched_on, tomorrow = launched.launched_at.date(), now.date() + DAY
    return bad_moments(launched.definition, launched_on, tomorrow, tree, beside)
