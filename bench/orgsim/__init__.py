"""A simulated organisation that answers weekly pulses, and how a detector is scored on it.

Seeded, numpy only. What it says holds for this simulator and not for any real organisation; it is
there so that two detectors can be compared, and a threshold set, before real people depend on them.
"""

from bench.orgsim.outcomes import Outcome, first_alarm, outcome, summarise
from bench.orgsim.simulation import Org, simulate
from bench.orgsim.worlds import SCENARIOS, World

__all__ = [
    "SCENARIOS",
    "Org",
    "Outcome",
    "World",
    "first_alarm",
    "outcome",
    "simulate",
    "summarise",
]
