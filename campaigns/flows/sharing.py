"""What everybody in a campaign's audience may see: released results of their own groups, nearest
first, and what those groups were told.

The values are those of the dashboard, read and never made here. Figures are shown only where the
promise says so, because the gate then counts on everybody knowing their own answer. Nobody is
noted for looking: that they do is their own business.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from campaigns.domain import audience
from campaigns.domain.cells import Node
from campaigns.domain.confidentiality import Released
from campaigns.domain.people import Person, TeamTree
from campaigns.domain.results_message import Level, Results
from campaigns.domain.told_message import Told
from campaigns.flows.telling_back import named
from campaigns.storage import campaigns, directory, ledger, releases
from campaigns.storage.campaigns import Launched


def shared(c: Connection, person: Person) -> list[Results]:
    """What there is for this person, of each campaign whose audience they are in."""
    tree = directory.tree(c)
    groups: list[Node] = [*tree.ancestors(person.team_id), None]
    found = []
    for launched in campaigns.all_launched(c):
        if any(audience.select([person], tree, launched.definition.campaign.audience)):
            levels = tuple(_levels(c, launched, tree, groups))
            decided = tuple(_decided(c, launched, groups))
            if levels or decided:
                found.append(Results(launched.definition, levels, decided))
    return found


def _levels(
    c: Connection, launched: Launched, tree: TeamTree, groups: list[Node]
) -> Iterator[Level]:
    """The shown groups of the newest period, from the person's team up."""
    last = releases.count(c, launched.id) - 1
    if last < 0 or not launched.definition.campaign.confidentiality.staff_see_results:
        return
    [newest] = releases.since(c, launched.id, last)
    for node in groups:
        cell = newest.cells.get(node)
        if isinstance(cell, Released):
            yield Level("" if node is None else tree.teams[node].name, cell)


def _decided(c: Connection, launched: Launched, groups: list[Node]) -> Iterator[Told]:
    """What was told to these groups, the newest period first."""
    for entry in ledger.of_campaign(c, launched.id):
        if entry.told_at is not None and entry.voice.node in groups:
            yield named(c, entry)
