"""Whether each rule of a campaign can ever fire, and whether two of them say the same twice.

A trigger is looked at through examples: an answer of each stance, barrier and trend, with one theme
or none, and a silence of each length. The rule's own test (`followup.fits`) says which of them it
fits, so that nothing is remarked here that would go otherwise in the run. An answer with more
themes fits whatever one with fewer fits, so these examples stand for all answers.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from math import ceil

from campaigns.domain.agenda import Planned, agenda
from campaigns.domain.definition import Definition, Rule, Trigger
from campaigns.domain.followup import fits, fits_silence
from campaigns.domain.offers import picking
from campaigns.domain.remarks import Remark, warning
from campaigns.domain.retention import unlink_after_weeks
from sentiment.course import ENOUGH, Trend
from sentiment.labels import HARDLY_TOGETHER, Barrier, Score, Stance, Status, Theme

_MOST_SILENCE = 10
_GAP = -_MOST_SILENCE - 1
_ANSWERS = tuple(
    (Score(Status.SCORED, stance, (), None, (), barrier, (), themes, (), False, 0.0, ""), trend)
    for stance, barrier, themes in product(Stance, Barrier, ((), *((one,) for one in Theme)))
    for trend in (None, *Trend)
)
_Reach = frozenset[int]  # answers by their place above, silences by their length below zero, a gap


def rule_remarks(definition: Definition, launched_on: date, today: date) -> Iterator[Remark]:
    """Rules that never fire, and pairs of them that send one person the same text twice."""
    rules = definition.campaign.rules
    planned = agenda(definition, launched_on, today)
    for index, rule in enumerate(rules):
        path = ("campaign", "rules", index)
        earlier = rules[:index]
        lasting = [one for one in earlier if picking(definition).isdisjoint(one.send)]
        gap = timedelta(days=definition.campaign.limits.days_between_follow_ups)
        why = _impossible(definition, rule, planned) or _shadowed(
            rule, lasting, _most_answers(definition, planned), gap
        )
        if why:
            yield warning((*path, "when"), f"this rule never fires: {why}")
            continue
        if told := _seldom(definition, rule.when, planned):
            yield warning((*path, "when"), f"this rule will hardly ever fire: {told}")
        for other in lasting:  # a training that is picked is another one each time
            if twice := _twice(definition, other, rule):
                yield warning(path, twice)


def _impossible(definition: Definition, rule: Rule, planned: Sequence[Planned]) -> str:
    """Why nothing that can happen in this campaign fits the rule; empty where something can."""
    if rule.when.safeguarding:
        return "words that sound like need lead to the help contacts at once, without a rule"
    if definition.campaign.limits.follow_ups == 0:
        return "no follow-up is allowed (campaign.limits.follow_ups)"
    if rule.when.gap:
        return ""  # said where trainings are checked
    if rule.when.silence_pulses is not None:
        return _never_so_silent(definition, rule.when.silence_pulses, planned)
    asks_for_words = any(one.kind == "text" for one in definition.asked())
    return "" if asks_for_words else "no pulse asks a question of kind text"


def _never_so_silent(definition: Definition, wanted: int, planned: Sequence[Planned]) -> str:
    pulses = {pulse.key: pulse for pulse in definition.campaign.pulses}
    if not pulses:
        return "there is no pulse that could be left unanswered"
    rounds = [one for one in planned if one.kind == "pulse"]
    if 0 < len(rounds) < wanted:
        return f"there are only {len(rounds)} pulses"
    weeks = unlink_after_weeks(definition.campaign.confidentiality)
    spans = (
        last.at + timedelta(days=pulses[last.touchpoint].open_days) - first.at
        for first, last in zip(rounds, rounds[wanted - 1 :], strict=False)
    )
    if rounds and min(spans) > timedelta(weeks=weeks):
        return (
            f"{wanted} pulses take longer than the {weeks} weeks for which it is known who "
            "answered (campaign.confidentiality.period_weeks)"
        )
    return ""


def _shadowed(rule: Rule, earlier: Sequence[Rule], n_chances: int, gap: timedelta) -> str:
    """The earlier rules that always come first; empty where they leave something over."""
    left = set(_reach(rule.when))
    before = [one for one in earlier if left & _reach(one.when)]
    tireless = [one for one in before if _always_first(one, rule, n_chances, gap)]
    for one in tireless:
        left -= _reach(one.when)
    if left or not tireless:
        return ""
    names = ", ".join(f'"{one.key}"' for one in tireless)
    return f"whatever fits it goes to {names} above, which is never used up"


def _always_first(rule: Rule, later: Rule, n_chances: int, gap: timedelta) -> bool:
    """Whether the limits never keep this rule back where they would let the later one through."""
    if later.after_hours > rule.after_hours:
        return False  # what is due later may be far enough from what was sent last
    return n_chances == 1 or (rule.at_most >= n_chances and timedelta(days=rule.pause_days) <= gap)


def _most_answers(definition: Definition, planned: Sequence[Planned]) -> int:
    """How often one person can be asked for words, or left a pulse unanswered, in a year."""
    kinds = {question.key: question.kind for question in definition.campaign.questions}
    n_texts = {
        pulse.key: sum(kinds.get(key) == "text" for key in pulse.questions)
        for pulse in definition.campaign.pulses
    }
    return sum(max(1, n_texts[one.touchpoint]) for one in planned if one.kind == "pulse")


def _twice(definition: Definition, earlier: Rule, rule: Rule) -> str:
    """What is wrong with two rules that send the same to one and the same person."""
    first, second = _reach(earlier.when), _reach(rule.when)
    shared = _shared(definition, earlier, rule)
    if not shared or not (first <= second or second <= first):
        return ""
    if earlier.when == rule.when and set(earlier.send) == set(rule.send):
        return f'this says the same as the rule "{earlier.key}" above'
    sent = '" or "'.join(shared)
    return (
        f'whoever gets "{sent}" from the rule "{earlier.key}" above gets it from this one as '
        "well, where both fit: send something else, or raise at_most of one of them"
    )


def _shared(definition: Definition, earlier: Rule, rule: Rule) -> list[str]:
    """The follow-ups of the rule that the earlier one sends as well, be it under another key."""
    texts = {one.key: one.text for one in definition.campaign.follow_ups}
    sent = [texts.get(key) for key in earlier.send]
    return [
        key for key in rule.send if key in earlier.send or (key in texts and texts[key] in sent)
    ]


def _seldom(definition: Definition, trigger: Trigger, planned: Sequence[Planned]) -> str:
    """Why the rule can fire for few people at the most; empty where nothing speaks for that."""
    if _is_rare(trigger):
        return "fewer than one answer in 1,000 has this stance together with this barrier"
    n_asked = _times_asked(definition, planned)
    wanted = trigger.silence_pulses or 0
    if 0 < n_asked < wanted:
        return f"a part of each team is asked a time, so most people get {n_asked} pulses"
    if trigger.trend and n_asked <= ENOUGH:
        return (
            f"a trend shows in answers to {ENOUGH + 1} pulses, and most people get {n_asked}; only "
            "those of earlier campaigns of the initiative could make up for it"
        )
    return ""


def _times_asked(definition: Definition, planned: Sequence[Planned]) -> int:
    """How many pulses somebody of a large team gets in a year."""
    rounds = Counter(one.touchpoint for one in planned if one.kind == "pulse")
    return sum(ceil(rounds[one.key] / one.ask.one_in) for one in definition.campaign.pulses)


def _is_rare(trigger: Trigger) -> bool:
    fitting = [_ANSWERS[place][0] for place in _reach(trigger) if place >= 0]
    found = {(one.stance, one.barrier) for one in fitting}
    return bool(found) and found <= HARDLY_TOGETHER


@lru_cache(maxsize=256)  # each rule is held against all others: 15 rules took 5 s
def _reach(trigger: Trigger) -> _Reach:
    if trigger.gap:
        return frozenset({_GAP})
    answers = {place for place, one in enumerate(_ANSWERS) if fits(trigger, *one)}
    silences = {-n for n in range(1, _MOST_SILENCE + 1) if fits_silence(trigger, n)}
    return frozenset(answers | silences)
