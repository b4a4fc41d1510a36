"""Which of the questions that come in turn a round of a pulse asks: the same of everybody in it.

They turn by round and never by person, so that whoever answers a round answers the same. Where a
pulse asks a part of each team a time, a turn takes as many rounds as there are parts: else two
cycles with a common divisor would ask one part the same question for ever.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from campaigns.domain.definition import Pulse


@dataclass(frozen=True, slots=True)
class Asked:
    """Which questions had their turn in a round, and how many parts of each team it is one of."""

    asks: tuple[str, ...]
    one_in: int = 1


def coming(pulse: Pulse, past: Sequence[Asked] = ()) -> Iterator[tuple[str, ...]]:
    """What each round after those of the past asks of the questions in turn, without an end.

    Who waits longest comes next, whatever a later version of the file changed. One that is new is
    asked first, and a turn that is not over goes on for all parts.

    >>> when = {"every_days": 7, "first_after_days": 0, "times": 9}
    >>> rotate = {"questions": ["a", "b", "c"], "at_a_time": 2}
    >>> asked = {"questions": ["ready", "a", "b", "c"], "rotate": rotate}
    >>> weekly = Pulse.model_validate(
    ...     {"kind": "pulse", "key": "weekly", "title": "How?", "when": when} | asked
    ... )
    >>> list(islice(coming(weekly), 4))
    [('a', 'b'), ('c', 'a'), ('b', 'c'), ('a', 'b')]
    """
    rotate = pulse.rotate
    line = _Line(list(rotate.questions if rotate else ()))
    for one in past:
        line.take(one)
    while True:
        asks = line.next(rotate.at_a_time if rotate else 0)
        line.take(Asked(asks, pulse.ask.one_in))
        yield asks


def first(pulse: Pulse, n_rounds: int, past: Sequence[Asked] = ()) -> list[tuple[str, ...]]:
    """What each of the next so many rounds asks of the questions in turn."""
    return list(islice(coming(pulse, past), n_rounds))


def rounds_for_all(pulse: Pulse) -> int:
    """In how many rounds everybody was asked each of the questions that come in turn."""
    if pulse.rotate is None:
        return pulse.ask.one_in
    n_turns = -(-len(pulse.rotate.questions) // pulse.rotate.at_a_time)
    return n_turns * pulse.ask.one_in


@dataclass(slots=True)
class _Line:
    """The questions in the order in which they come next, and the turn that is on."""

    waiting: list[str]
    now: Asked = Asked(())
    n_left: int = 0  # rounds until every part of each team had this turn

    def next(self, at_a_time: int) -> tuple[str, ...]:
        return self.now.asks if self.n_left and self.now.asks else tuple(self.waiting[:at_a_time])

    def take(self, one: Asked) -> None:
        asks = tuple(key for key in one.asks if key in self.waiting)
        one = Asked(asks, one.one_in)
        self.n_left = (self.n_left if self.n_left and one == self.now else one.one_in) - 1
        self.now = one
        self.waiting = [*(key for key in self.waiting if key not in asks), *asks]
