"""Which message, if any, an answer or a silence calls for: the campaign's rules, applied.

Pure and deterministic. The rules are tried in the file's order; the first one that fits and is
within its limits wins, so that whoever has had one message can get the next that fits. Words that
sound like need lead to help and to nothing else, whatever the rules and limits say. A decision
names the kinds of input it rests on and must never carry a value of one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.domain.definition import Definition, Limits, Rule, Trigger
from campaigns.domain.outbox import Kind
from sentiment.course import Trend
from sentiment.labels import Score, Status


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A follow-up decided for the person before; `rule` is empty for another campaign's.

    `due_at` is when it was sent or else will be; one that was held out counts as if it had been
    sent, so that both arms of a comparison go on alike. `elsewhere`: of another initiative.
    """

    rule: str
    due_at: datetime
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind a person when a rule is looked for: `fewer` that they asked for less,
    `ignored_at` when a pulse reached them that was the second in a row they left unanswered."""

    past: Sequence[PastDecision] = ()
    fewer: bool = False
    ignored_at: datetime | None = None


NOTHING = Behind()
REST = timedelta(days=7)  # for whoever ignored two pulses in a row: the next word is not at once


@dataclass(frozen=True, slots=True)
class Decision:
    """Send one of the touchpoints `send` at `due_at`; `inputs` are kinds, such as "stance+theme".

    Help has neither a rule nor a touchpoint: its text is the campaign's help contacts.
    """

    kind: Kind
    rule: str
    send: tuple[str, ...]
    due_at: datetime
    inputs: str


def decide(
    definition: Definition,
    score: Score,
    behind: Behind,
    now: datetime,
    trend: Trend | None = None,
    empty: Collection[str] = (),
) -> Decision | None:
    """What follows from one scored answer of a person; `trend` is how it lies to earlier ones.

    `empty` are follow-ups that have nothing for this person now: no rule sends them.
    """
    if score.safeguarding:
        return Decision(Kind.HELP, "", (), now, "safeguarding")
    fitting = (rule for rule in definition.campaign.rules if fits(rule.when, score, trend))
    return _first_allowed(fitting, definition.campaign.limits, behind, now, empty)


def decide_silence(
    definition: Definition, n_silent: int, behind: Behind, now: datetime
) -> Decision | None:
    """What follows when a person left the last `n_silent` closed pulses in a row unanswered."""
    fitting = (rule for rule in definition.campaign.rules if fits_silence(rule.when, n_silent))
    return _first_allowed(fitting, definition.campaign.limits, behind, now)


def asks_for_trend(definition: Definition) -> bool:
    """Whether any rule looks at how an answer lies to the person's earlier ones."""
    return any(rule.when.trend for rule in definition.campaign.rules)


def decide_gap(
    definition: Definition, behind: Behind, now: datetime, empty: Collection[str] = ()
) -> Decision | None:
    """What follows when a competence of a person is below what their role needs."""
    fitting = (rule for rule in definition.campaign.rules if rule.when.gap)
    return _first_allowed(fitting, definition.campaign.limits, behind, now, empty)


def longest_silence(definition: Definition) -> int:
    """How many pulses back the rules look for silence; 0 where none asks."""
    return max((rule.when.silence_pulses or 0 for rule in definition.campaign.rules), default=0)


def _first_allowed(
    fitting: Iterable[Rule],
    limits: Limits,
    behind: Behind,
    now: datetime,
    empty: Collection[str] = (),
) -> Decision | None:
    past = behind.past
    if behind.fewer or sum(not one.elsewhere for one in past) >= limits.follow_ups:
        return None
    gap = timedelta(days=limits.days_between_follow_ups)
    rested = now if behind.ignored_at is None else behind.ignored_at + REST
    for rule in fitting:
        due_at = max(now + timedelta(hours=rule.after_hours), rested)
        send = tuple(key for key in rule.send if key not in empty)
        if send and _is_allowed(rule, due_at, gap, past):
            return Decision(Kind.FOLLOW_UP, rule.key, send, due_at, _inputs(rule.when))
    return None


def _lists(trigger: Trigger) -> dict[str, Collection[str]]:
    lists: dict[str, Collection[str]] = {
        "stance": trigger.stance,
        "barrier": trigger.barrier,
        "theme": trigger.theme,
        "trend": trigger.trend,
    }
    return {name: wanted for name, wanted in lists.items() if wanted}


def fits(trigger: Trigger, score: Score, trend: Trend | None = None) -> bool:
    """Whether every list given has one of the answer's labels; a trigger without any fits none."""
    wanted = _lists(trigger)
    if not wanted or trigger.safeguarding or score.status is not Status.SCORED:
        return False
    labels: dict[str, set[str | None]] = {
        "stance": {score.stance},
        "barrier": {score.barrier},
        "theme": {*score.themes},
        "trend": {trend},
    }
    return all(not labels[name].isdisjoint(values) for name, values in wanted.items())


def fits_silence(trigger: Trigger, n_silent: int) -> bool:
    """Whether somebody who left so many pulses in a row unanswered is long enough silent for it."""
    return trigger.silence_pulses is not None and n_silent >= trigger.silence_pulses


def _is_allowed(rule: Rule, due_at: datetime, gap: timedelta, past: Sequence[PastDecision]) -> bool:
    same = [decision for decision in past if decision.rule == rule.key]
    pause = timedelta(days=rule.pause_days)
    return (
        len(same) < rule.at_most
        and all(abs(due_at - decision.due_at) >= pause for decision in same)
        and all(abs(due_at - decision.due_at) >= gap for decision in past)
    )


def _inputs(trigger: Trigger) -> str:
    return "+".join(_lists(trigger)) or ("gap" if trigger.gap else "silence")
