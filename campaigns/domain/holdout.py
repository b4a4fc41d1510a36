"""Who gets a follow-up, who is held out, and which variant is sent: chance, written down.

A rule proves something only against people who would have got its message and, by chance alone,
did not. So each choice here is kept with the probability it had. Help is never held out, and never
chosen by how it did for others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.definition import Definition, FollowUp, Rule


@dataclass(frozen=True, slots=True)
class Draw:
    """Whether chance holds out, and with which probability it would have."""

    held: bool
    p_held: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """The variant `send`, which chance had chosen with `p_send`; `draw` says if it is held out."""

    send: str
    p_send: float
    draw: Draw


def share_held(definition: Definition, rule: Rule) -> float:
    """The share of decisions that the rule holds out: its own, and none where it sends help."""
    return 0.0 if sends_help(definition, rule) else rule.holdout


def sends_help(definition: Definition, rule: Rule) -> bool:
    """Whether any of the rule's follow-ups is there for people in need."""
    found = (one for one in definition.campaign.touchpoints if one.key in rule.send)
    return any(isinstance(one, FollowUp) and one.purpose == "help" for one in found)


def hold_out(share: float, chance: float) -> Draw:
    """Held out if `chance`, a number from 0 up to and without 1, lies below the share.

    >>> hold_out(0.1, 0.09), hold_out(0.1, 0.1)
    (Draw(held=True, p_held=0.1), Draw(held=False, p_held=0.1))
    """
    return Draw(chance < share, share)


def evenly(variants: Sequence[str]) -> list[float]:
    """The same probability for each."""
    return [1 / len(variants)] * len(variants)


def assign(
    variants: Sequence[str], probabilities: Sequence[float], chance: float, draw: Draw
) -> Assignment:
    """One of the variants, each with its probability; `chance` is from 0 up to and without 1.

    >>> assign(["talk", "film"], [0.7, 0.3], 0.69, Draw(False, 0.1)).send
    'talk'
    >>> assign(["talk", "film"], [0.7, 0.3], 0.71, Draw(False, 0.1)).p_send
    0.3
    """
    for variant, probability in zip(variants, probabilities, strict=True):
        if chance < probability:
            return Assignment(variant, probability, draw)
        chance -= probability
    return Assignment(variants[-1], probabilities[-1], draw)  # what rounding leaves over
