"""Who may be shown figures of groups: the gate takes their own answers for known.

A change agent sees the figures of their teams, the comms team those of everybody. Either may have
answered in a group that they look at, and then fewer are left in it than it seems.
"""

from collections.abc import Collection

from sqlalchemy import Connection

from campaigns.storage import accounts, directory


def viewers(c: Connection, comms_team: Collection[str]) -> frozenset[int]:
    """All change agents, and whoever of the staff has one of these addresses."""
    agents = {agent for _, agent in directory.agent_pairs(c)}
    comms = {person.id for address in comms_team for person in accounts.by_address(c, address)}
    return frozenset(agents | comms)
