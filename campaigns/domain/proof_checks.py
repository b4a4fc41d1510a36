"""Whether what a rule holds out can prove anything before the campaign ends, as far as can be told.

It counts generously: every person asked may meet every rule, whatever rule comes before it. So a
rule that is named here would hardly prove anything even if all went well. Nothing is known of
anybody's answers; how many answer what is assumed as in a simulated run.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, prod, sqrt

from campaigns.domain import sampling
from campaigns.domain.agenda import Planned, agenda
from campaigns.domain.assumptions import BARRIERS, Assumptions
from campaigns.domain.definition import Definition, Pulse, Rule, Trigger
from campaigns.domain.experiments import HORIZON, Arm, Tally
from campaigns.domain.holdout import share_held
from campaigns.domain.remarks import Remark, warning
from sentiment.labels import Barrier, Stance

SPREAD = 0.30  # of an answer around what is usual for its person: sentiment/course.py
TOGETHER = 0.1  # of its square is common to a team; .05 to .20 are usual (Bliese 2000, ICC 1)
_NAMED = 3  # so many rules are named, those nearest to a proof


@dataclass(frozen=True, slots=True)
class _Prospect:
    """Of one rule: how often somebody can be expected to answer again after it, and how often it
    takes."""

    rule: str
    expected: float
    needed: int


def proof_remarks(
    definition: Definition, launched_on: date, today: date, sizes: Collection[int]
) -> Iterator[Remark]:
    """That rules hold out without a prospect of knowing whether they help; `sizes` are those of the
    audience's teams."""
    held = [rule for rule in definition.campaign.rules if share_held(definition, rule)]
    pulses = [one for one in agenda(definition, launched_on, today) if one.kind == "pulse"]
    if not held or not pulses or not sum(sizes):
        return
    series = _Series(definition, pulses, sizes)
    found = [_prospect(series, rule) for rule in held]
    short = [one for one in found if one.expected < one.needed]
    short.sort(key=lambda one: one.expected / one.needed, reverse=True)
    if short:
        until = pulses[-1].at.date()
        yield warning(("campaign", "rules"), _told(short, len(held), sum(sizes), until))


def _told(short: Sequence[_Prospect], n_held: int, n_people: int, until: date) -> str:
    which = f"{len(short)} of its rules help"
    if len(short) == n_held:
        which = f"any of the {n_held} rules helps" if n_held > 1 else "the rule helps"
    named = ", ".join(
        f'"{one.rule}" {one.expected:,.0f} of {one.needed:,}' for one in short[:_NAMED]
    )
    rest = f", {len(short) - _NAMED} more with less" if len(short) > _NAMED else ""
    return (
        f"with {n_people:,} people and pulses until {until} the holdout will hardly show whether "
        f"{which}. Answers after the message, at the most, of those it takes: {named}{rest}. "
        "Reach more people, run for longer or hold out more (up to holdout: 0.5); or set holdout: "
        '0, so that all get the message; or leave it, and expect to read "cannot tell yet"'
    )


class _Series:
    """The pulses of a campaign as they come to teams of these sizes."""

    def __init__(
        self, definition: Definition, pulses: Sequence[Planned], sizes: Collection[int]
    ) -> None:
        self.definition, self.pulses = definition, pulses
        self.n_people, self.n_teams, self.assumed = sum(sizes), len(sizes), Assumptions()
        self._moments = [one.at for one in pulses]
        at_least = definition.campaign.confidentiality.minimum_group
        self.n_asked: dict[str, int] = {}
        self.answer: dict[str, float] = {}
        for one in definition.campaign.touchpoints:
            if isinstance(one, Pulse):
                self.n_asked[one.key] = sampling.n_asked(one.ask.one_in, at_least, sizes)
                self.answer[one.key] = self.assumed.answers(definition, one.key)

    def again(self, at: datetime) -> float:
        """The chance that somebody answers one of the pulses that count after that moment."""
        first, end = bisect_right(self._moments, at), bisect_left(self._moments, at + HORIZON)
        keys = (one.touchpoint for one in self.pulses[first:end])
        return 1 - prod(1 - self.n_asked[k] / self.n_people * self.answer[k] for k in keys)


def _prospect(series: _Series, rule: Rule) -> _Prospect:
    later, pulses = timedelta(hours=rule.after_hours), series.pulses
    expected = sum(
        series.n_asked[one.touchpoint]
        * _meets(series, rule.when, n, one)
        * series.again(one.at + later)
        for n, one in enumerate(pulses, 1)
    )
    limits, days = series.definition.campaign.limits, (pulses[-1].at - pulses[0].at).days
    pause = max(rule.pause_days, limits.days_between_follow_ups)
    each = min(rule.at_most, limits.follow_ups, 1 + days // pause)
    expected = min(expected, float(each * series.n_people))
    share = share_held(series.definition, rule)
    if rule.holdout_by == "person":
        return _Prospect(rule.key, expected, needed(share))
    n_draws = series.n_teams * len(pulses)
    n_units = n_draws * (1 - exp(-expected / n_draws))  # a team in which nobody answers is none
    n_in_one = expected / n_units if n_units else 1.0
    spread = SPREAD * sqrt(TOGETHER + (1 - TOGETHER) / n_in_one)
    return _Prospect(rule.key, expected, round(n_in_one * needed(share, spread)))


def needed(share: float, spread: float = SPREAD) -> int:
    """How many outcomes it takes until an effect worth knowing shows, where that share is held out.

    The estimate of one outcome (`experiments`) has the variance `spread`² / (share (1 - share)).

    >>> needed(0.1) > 2 * needed(0.5)
    True
    """
    one = Arm(decided=1, answered=1, people=1)
    return 1 + Tally(n=1, squares=spread**2 / (share * (1 - share)), sent=one).still_needed()


def _meets(series: _Series, when: Trigger, number: int, one: Planned) -> float:
    """The chance that somebody whom that pulse reaches, `number` in the series, meets the rule."""
    pulse, assumed = series.definition.touchpoint(one.touchpoint), series.assumed
    assert isinstance(pulse, Pulse)  # noqa: S101  nothing else is in a series
    keys = pulse.in_round(one.asks).questions  # one that no question has is told elsewhere
    asked = [question for question in series.definition.campaign.questions if question.key in keys]
    answers = series.answer[pulse.key]
    if when.silence_pulses is not None:
        return (1 - answers) ** when.silence_pulses if number >= when.silence_pulses else 0.0
    if when.gap:
        n_competences = len({question.competence for question in asked} - {None})
        return answers * (1 - (1 - assumed.lacking) ** n_competences)
    if not any(question.kind == "text" for question in asked):
        return 0.0
    themes = 1 - (1 - assumed.theme_rate) ** len(when.theme) if when.theme else 1.0
    return answers * assumed.words_rate * assumed.scored_rate * themes * _stands(when, assumed)


def _stands(when: Trigger, assumed: Assumptions) -> float:
    """The chance that a text has one of the stances and barriers, and lies as the rule wants it."""
    rates = {"worse": assumed.worse_rate, "better": assumed.better_rate}
    trend = sum(rates[one] for one in when.trend) if when.trend else 1.0
    found = 0.0
    for stance, share in zip(Stance, assumed.stances, strict=True):
        if not when.stance or stance in when.stance:
            counts = dict(zip(Barrier, BARRIERS[stance], strict=True))
            wanted = sum(n for barrier, n in counts.items() if barrier in (when.barrier or Barrier))
            found += share * wanted / sum(counts.values())
    return min(trend, found) if when.trend else found
