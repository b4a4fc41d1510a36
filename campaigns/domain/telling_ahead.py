"""When a simulated campaign hears of themes and tells something back, and which pulses wait for it.

Whether a pulse waits is decided by `waiting`, as in the real run. When themes are published and
something is told back is assumed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from campaigns.domain.assumptions import Assumptions
from campaigns.domain.coarse import ENOUGH_TO_NAME
from campaigns.domain.definition import Definition, Pulse
from campaigns.domain.flight_plan import AHEAD, Plan
from campaigns.domain.periods import GRACE, Span, closed, span
from campaigns.domain.waiting import goes_on_at, owed_since, waits

_Round = tuple[str, str]  # touchpoint, key of the occurrence


@dataclass(frozen=True, slots=True)
class Voice:
    """The moments at which themes were published, something was told back, and a pulse that had
    waited went on; those that lie behind and those that are to come."""

    heard_at: Sequence[datetime] = ()
    told_at: Sequence[datetime] = ()
    went_on_at: Sequence[datetime] = ()

    def owed(self, at: datetime) -> datetime | None:
        """Since when something is owed at that moment, as `waiting` understands it."""
        owed = owed_since(_last(self.heard_at, at), _last(self.told_at, at))
        return owed_since(owed, _last(self.went_on_at, at))


def ahead(
    plan: Plan,
    launched_at: datetime,
    before: Voice,
    assumed: Assumptions,
    now: datetime,
    until: datetime,
) -> Voice:
    """With what is to come by `until`: each period with enough words is heard, and after the
    assumed days something is told back."""
    wait = timedelta(days=assumed.told_days)
    heard = [*before.heard_at, *_published(plan, launched_at, assumed, now, until)]
    owed = [at for at in heard if owed_since(at, _last(before.told_at, now))]
    told = [(at if at + wait > now else now) + wait for at in owed]
    return Voice(heard, [*before.told_at, *(at for at in told if at < until)], before.went_on_at)


def went_on(plan: Plan, voice: Voice, now: datetime, until: datetime) -> Mapping[_Round, datetime]:
    """The pulses that wait at first, with the moment at which each goes on."""
    campaign = plan.definition.campaign
    pulses = [one for one in campaign.touchpoints if isinstance(one, Pulse)]
    found: dict[_Round, datetime] = {}
    freed = list(voice.went_on_at)
    starts = ((o.earliest, one.key, o.key) for one in pulses for o in plan.to_come(one, until))
    for starts_at, touchpoint, key in sorted(starts):
        looked_at = max(starts_at - AHEAD, now)
        known = Voice(voice.heard_at, voice.told_at, freed)
        later = (*voice.told_at, *freed, goes_on_at(campaign, starts_at))
        moments = [looked_at, *sorted(at for at in later if at > looked_at)]
        at = next(at for at in moments if not waits(campaign, starts_at, known.owed(at), at))
        if at > looked_at:
            found[touchpoint, key] = at
            freed.append(at)
    return found


def _published(
    plan: Plan, launched_at: datetime, assumed: Assumptions, now: datetime, until: datetime
) -> Iterator[datetime]:
    """The closes to come of the periods in which enough people name the same theme."""
    weeks = plan.definition.campaign.confidentiality.period_weeks
    for number in count(closed(launched_at, weeks, now)):
        during = span(launched_at, weeks, number)
        if during.end + GRACE >= until:
            return
        if _is_heard(plan, during, assumed):
            yield during.end + GRACE


def _is_heard(plan: Plan, during: Span, assumed: Assumptions) -> bool:
    """Whether so many name any one theme in that time that it can be published."""
    share_silent = 1.0
    for pulse in _with_words(plan.definition):
        n_rounds = plan.n_between(pulse, during.start, during.end)
        named = assumed.answers(plan.definition, pulse.key) * assumed.words_rate
        named *= plan.share_read * assumed.scored_rate * assumed.theme_rate
        share_silent *= (1 - named / pulse.ask.one_in) ** n_rounds
    return sum(plan.n_by_team.values()) * (1 - share_silent) >= ENOUGH_TO_NAME


def _with_words(definition: Definition) -> list[Pulse]:
    """The pulses that ask for words."""
    return [
        one
        for one in definition.campaign.touchpoints
        if isinstance(one, Pulse)
        and any(definition.question(key).kind == "text" for key in one.questions)
    ]


def _last(moments: Sequence[datetime], at: datetime) -> datetime | None:
    return max((moment for moment in moments if moment <= at), default=None)
