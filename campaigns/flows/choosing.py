"""A rule's decision becomes a row of the outbox, to be sent or held out, and one that explains it.

Chance is asked here and nowhere else. Both rows are written in the caller's transaction; one held
out is in the outbox too, as dropped, so that nothing can decide for the same occasion again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random, SystemRandom

from sqlalchemy import Connection

from campaigns.domain.definition import Rule
from campaigns.domain.followup import Decision
from campaigns.domain.holdout import Assignment, assign, evenly, hold_out, share_held
from campaigns.domain.offers import Offer, picking
from campaigns.domain.thompson import NO_RECORD, probabilities
from campaigns.storage import decisions, effects, offers, outbox, team_draws
from campaigns.storage.campaigns import Launched
from campaigns.storage.decisions import NewDecision
from campaigns.storage.outbox import NewDelivery

CHANCE = SystemRandom()  # nobody can draw the same again


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a rule decided for a person, after which pulse; `once` names it for good.

    `answer_id` is None for silence, and `model` is empty: nothing was read.
    """

    once: str
    person_id: int
    team_id: int
    run_id: int | None
    decision: Decision
    answer_id: int | None = None
    model: str = ""
    offer: Offer | None = None  # what a follow-up offers that has its training picked


def carry_out(
    c: Connection, campaign: Launched, occasions: Sequence[Occasion], now: datetime, chance: Random
) -> int:
    """Each decision is in the outbox and kept; how many were new."""
    chosen = [(one, _chosen(c, campaign, one, chance)) for one in occasions]
    outbox.put(c, [_delivery(campaign, *each) for each in chosen])
    for one, made in chosen:
        if one.offer and not made.draw.held and made.send in picking(campaign.definition):
            offers.put(c, one.once, one.offer)
    return decisions.put(c, [_kept(campaign, *each, now) for each in chosen])


def _chosen(c: Connection, campaign: Launched, one: Occasion, chance: Random) -> Assignment:
    rule = campaign.definition.rule(one.decision.rule)
    draw = hold_out(share_held(campaign.definition, rule), chance.random())
    if rule.holdout_by == "team" and one.run_id is not None:
        draw = team_draws.settled(c, one.run_id, one.team_id, rule.key, draw)
    variants = one.decision.send
    return assign(variants, _probabilities(c, campaign, rule, variants), chance.random(), draw)


def _probabilities(
    c: Connection, campaign: Launched, rule: Rule, variants: Sequence[str]
) -> Sequence[float]:
    """Even, or by how each variant did up to the last close at which enough people were counted."""
    if rule.choose == "evenly" or len(variants) == 1:
        return evenly(variants)
    known = effects.of_campaign(c, campaign.id)
    records = known[rule.key].tally.variants if rule.key in known else {}
    return probabilities([records.get(variant, NO_RECORD) for variant in variants])


def _delivery(campaign: Launched, one: Occasion, chosen: Assignment) -> NewDelivery:
    return NewDelivery(
        once=one.once,
        kind=one.decision.kind,
        person_id=one.person_id,
        due_at=one.decision.due_at,
        campaign_id=campaign.id,
        version_id=campaign.version_id,
        touchpoint=chosen.send,
        held_out=chosen.draw.held,
    )


def _kept(campaign: Launched, one: Occasion, chosen: Assignment, now: datetime) -> NewDecision:
    shared = campaign.definition.rule(one.decision.rule).holdout_by == "team"
    return NewDecision(
        campaign_id=campaign.id,
        person_id=one.person_id,
        answer_id=one.answer_id,
        once=one.once,
        rule=one.decision.rule,
        inputs=one.decision.inputs,
        model=one.model,
        decided_at=now,
        due_at=one.decision.due_at,
        send=chosen.send,
        p_send=chosen.p_send,
        held=chosen.draw.held,
        p_held=chosen.draw.p_held,
        # Whose draw it was: the team's after one pulse; where there was none, the person's own.
        run_id=one.run_id if shared else None,
        team_id=one.team_id if shared and one.run_id is not None else None,
    )
