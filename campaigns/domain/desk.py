"""Of which teams a change agent hears now, where more stand out than one person can look after.

Pure. What doesn't come today is not lost: it is weighed again at the next close of a week.
"""

from collections.abc import Mapping, Sequence

DAYS = 7  # over which an agent's new alerts are counted


def benefit(solid: float, members: int) -> float:
    """What a visit is expected to bring: how clearly the team stands out, for each of its people.

    `solid` is the evidence that stays without any one person, in units of the alarm.

    >>> benefit(1.2, 30) > benefit(2.0, 10)
    True
    """
    return solid * members


def hand_out(
    benefits: Mapping[int, float],
    agents: Mapping[int, Sequence[int]],
    heard: Mapping[int, int],
    most: int,
) -> dict[int, list[int]]:
    """Team → which of its agents are told now; a team that is missing has to wait.

    The largest benefit comes first. `heard` counts each agent's new alerts of the last `DAYS` days,
    of which nobody gets more than `most`. A team without an agent waits for nobody.
    """
    counts, told = dict(heard), dict[int, list[int]]()
    for team in sorted(benefits, key=lambda team: (-benefits[team], team)):
        free = [agent for agent in agents[team] if counts.get(agent, 0) < most]
        if free or not agents[team]:
            told[team] = free
            counts |= {agent: counts.get(agent, 0) + 1 for agent in free}
    return told
