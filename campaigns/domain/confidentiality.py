"""The one door through which anything about people leaves: nothing else can make a `Released`.

Pages, charts, exports and messages about teams accept a `Released` or a `Withheld` and nothing
else; a file of words that people let go accepts `ReleasedWords` alone. A `Withheld` says nothing:
an empty group, a small one and a protected one look the same.
This module must never hand out a person's value, a count, or the reason why a cell is not shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import ceil, floor
from typing import Any, Final

from campaigns.domain.cells import Node, People, by_team, choose, counted_upward, speaking, upward
from campaigns.domain.coarse import Band as Band
from campaigns.domain.coarse import Rate as Rate
from campaigns.domain.coarse import Size as Size
from campaigns.domain.coarse import band_of, cut, named, percent, rate_of, size_of
from campaigns.domain.definition import Confidentiality
from campaigns.domain.experiments import Tally, Verdict
from campaigns.domain.people import TeamTree
from campaigns.domain.picks import Pick
from sentiment.labels import Barrier, Theme
from sentiment.resistance import interval, pooled_variance
from sentiment.text import normalise

_KEY: Final = object()


def _guard(key: object) -> None:
    if key is not _KEY:
        raise TypeError("Only the confidentiality module can release a figure.")


@dataclass(frozen=True, slots=True)
class Shares:
    """Stances in percent, in steps of 5; 10 means "10 or less", 80 "80 or more". They need not sum
    to 100. `interval` is where the resistant share lies with 90 % confidence, as coarsely."""

    resistant: int
    ambivalent: int
    neutral: int
    supportive: int
    interval: tuple[int, int]
    _key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _guard(self._key)


@dataclass(frozen=True, slots=True)
class Released:
    """What may be known about one group in one closed period.

    `shares` only from 20 respondents on; `barrier`, `themes` and `picks` only of groups that may
    speak, and each only where at least 3 people share it. `picks` are (question, option), the most
    frequent of each question first. Building one elsewhere raises TypeError.
    """

    band: Band
    size: Size
    shares: Shares | None = None
    rate: Rate | None = None
    barrier: Barrier | None = None
    themes: tuple[Theme, ...] = ()
    picks: tuple[Pick, ...] = ()
    _key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _guard(self._key)


@dataclass(frozen=True, slots=True)
class ReleasedWords:
    """What somebody wrote and let go, without what tells who: made here only, as a `Released`."""

    question: str
    words: str
    _key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _guard(self._key)


@dataclass(frozen=True, slots=True)
class ReleasedEffect:
    """Whether a rule helps, over everybody it decided for: made here only, as a `Released`.

    `low` to `high` is by how many points of 100 resistance is less, with 95 %; `needed` how many
    people more have to answer again before an effect of ten points would show; the two rates are
    who answered again where it was sent and where it was not, in per cent, in steps of 5, from 20
    people on.
    """

    verdict: Verdict
    low: int
    high: int
    needed: int
    again_sent: int | None
    again_held: int | None
    _key: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _guard(self._key)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Not shown. All are equal: there is no reason and no count in it."""


Cell = Released | Withheld
WITHHELD: Final = Withheld()


def to_json(cell: Cell) -> Mapping[str, Any]:
    """The cell as plain values; an empty mapping stands for a withheld one."""
    if isinstance(cell, Withheld):
        return {}
    shares = cell.shares
    return {
        "band": cell.band.name,
        "size": cell.size.name,
        "shares": shares and [*_stances(shares), *shares.interval],
        "rate": cell.rate and cell.rate.name,
        "barrier": cell.barrier,
        "themes": list(cell.themes),
        "picks": list(cell.picks),
    }


def _stances(shares: Shares) -> tuple[int, int, int, int]:
    return shares.resistant, shares.ambivalent, shares.neutral, shares.supportive


def _shares(numbers: list[int] | None) -> Shares | None:
    if numbers is None:
        return None
    resistant, ambivalent, neutral, supportive, lowest, highest = numbers
    return Shares(resistant, ambivalent, neutral, supportive, (lowest, highest), _key=_KEY)


def from_json(values: Mapping[str, Any]) -> Cell:
    """The cell that `to_json` wrote; of use for what was published before, nothing else."""
    if not values:
        return WITHHELD
    return Released(
        band=Band[values["band"]],
        size=Size[values["size"]],
        shares=_shares(values["shares"]),
        rate=Rate[values["rate"]] if values["rate"] else None,
        barrier=Barrier(values["barrier"]) if values["barrier"] else None,
        themes=tuple([Theme(theme) for theme in values["themes"]]),
        picks=tuple([(question, option) for question, option in values.get("picks", ())]),
        _key=_KEY,
    )


ENOUGH_FOR_PERCENT: Final = 20
ENOUGH_FOR_RATE: Final = 8
MOST_THEMES: Final = 3
MOST_PICKS: Final = 3  # of a question


@dataclass(frozen=True, slots=True)
class Respondent:
    """One person's own answers of one period put together; read by code only.

    `stances` are four shares that sum to 1 (resistant, ambivalent, neutral, supportive).
    """

    team_id: int
    stances: tuple[float, float, float, float]
    barriers: frozenset[Barrier] = frozenset()
    themes: frozenset[Theme] = frozenset()
    picks: frozenset[Pick] = frozenset()


@dataclass(frozen=True, slots=True)
class Closing:
    """All that one closed period is published from.

    `respondents` by person id; `invited` is the number of people asked, by the team they sit in;
    `past` the people of the groups shown before (`cells.recall`), `readers` who may see figures.
    """

    tree: TeamTree
    respondents: Mapping[int, Respondent]
    invited: Mapping[int, int]
    past: Sequence[Mapping[Node, People]] = ()
    readers: People = frozenset()


def release(closing: Closing, promise: Confidentiality) -> dict[Node, Cell]:
    """One cell for every node of the team tree; to be called once for a period, and stored.

    The node None is the whole organisation, there only where the tree has several roots.
    """
    own = by_team({person: one.team_id for person, one in closing.respondents.items()})
    shown = choose(closing.tree, own, promise.shown_from, closing.past, closing.readers)
    invited = counted_upward(closing.tree, closing.invited)
    variance = pooled_variance(
        [[closing.respondents[person].stances[0] for person in team] for team in own.values()]
    )
    cells: dict[Node, Cell] = dict.fromkeys(upward(closing.tree), WITHHELD)
    speak = speaking(shown, closing.past, promise.named_from)
    for node, people in shown.items():
        members = [closing.respondents[person] for person in sorted(people)]
        cells[node] = _released(members, invited.get(node, 0), variance, words=node in speak)
    return cells


def _released(
    members: Sequence[Respondent], invited: int, variance: float, *, words: bool
) -> Released:
    n = len(members)
    means = [sum(member.stances[i] for member in members) / n for i in range(4)]
    any_of = [barrier for barrier in Barrier if barrier is not Barrier.NONE]
    barriers = named((b for member in members for b in member.barriers), any_of) if words else []
    themes = named((t for member in members for t in member.themes), list(Theme)) if words else []
    return Released(
        band=band_of(means[0]),
        size=size_of(n),
        shares=_percentages(means, n, variance) if n >= ENOUGH_FOR_PERCENT else None,
        rate=rate_of(n, invited) if invited >= ENOUGH_FOR_RATE else None,
        barrier=barriers[0] if barriers else None,
        themes=tuple(themes[:MOST_THEMES]),
        picks=_picks(members) if words else (),
        _key=_KEY,
    )


def _picks(members: Sequence[Respondent]) -> tuple[Pick, ...]:
    picked = [pick for member in members for pick in member.picks]
    leading = named(picked, sorted(set(picked)))
    questions = dict.fromkeys(question for question, _ in sorted(leading))
    of_each = [[pick for pick in leading if pick[0] == question] for question in questions]
    # One option that stands alone would say that nearly everybody took it.
    return tuple(chain(*(picks[:MOST_PICKS] for picks in of_each if len(picks) > 1)))


def _percentages(means: Sequence[float], n: int, variance: float) -> Shares:
    resistant, ambivalent, neutral, supportive = (percent(mean) for mean in means)
    reach = interval(means[0], n, variance)
    ends = (cut(5 * floor(20 * reach.low)), cut(5 * ceil(20 * reach.high)))
    return Shares(resistant, ambivalent, neutral, supportive, ends, _key=_KEY)


def release_words(
    given: Iterable[tuple[int, int, str, str]],
    redact: Callable[[str], str],
    minimums: Mapping[int, int],
) -> tuple[ReleasedWords, ...] | Withheld:
    """Each question and its words once, redacted, of campaigns where `minimums` people let any go.

    `given` is (campaign id, person id, question, words); what comes is in the order of the words.
    """
    unlike: dict[tuple[str, str], tuple[int, int, ReleasedWords]] = {}
    for campaign, person, question, written in given:
        words = ReleasedWords(redact(question), redact(written), _key=_KEY)
        # What says the same twice is of no use to a model, and its file refuses it.
        content = normalise(words.question).lower(), normalise(words.words).lower()
        unlike.setdefault(content, (campaign, person, words))
    people = Counter(campaign for campaign, _ in {one[:2] for one in unlike.values()})
    enough = {campaign for campaign, n in people.items() if n >= minimums[campaign]}
    found = (unlike[content] for content in sorted(unlike))
    return tuple(words for campaign, _, words in found if campaign in enough) or WITHHELD


ENOUGH_DRAWS: Final = 40
ENOUGH_A_SIDE: Final = 10


def release_effect(tally: Tally) -> ReleasedEffect | Withheld:
    """How a rule did in the whole campaign, from 40 draws of chance on after which somebody
    answered again, and from 10 draws and 10 people on each side; never of a team. The tally must
    move by enough people at once (`flows.proving`)."""
    sides = (tally.sent, tally.held)
    draws = (tally.if_sent.n, tally.if_held.n)
    if tally.n < ENOUGH_DRAWS or min(*draws, *(one.people for one in sides)) < ENOUGH_A_SIDE:
        return WITHHELD
    effect = tally.effect()
    again = [
        percent(one.answered / one.decided) if one.people >= ENOUGH_FOR_PERCENT else None
        for one in sides
    ]
    return ReleasedEffect(
        verdict=effect.verdict,
        low=floor(100 * effect.low),
        high=ceil(100 * effect.high),
        needed=10 * ceil(tally.still_needed() / 10),
        again_sent=again[0],
        again_held=again[1],
        _key=_KEY,
    )
