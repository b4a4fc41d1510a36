"""Whether follow-ups help, in words; everything rests on `ReleasedEffect` values."""

from dataclasses import dataclass

from bot.web.board import percent
from campaigns.domain.confidentiality import ReleasedEffect, Withheld
from campaigns.domain.experiments import Verdict
from campaigns.domain.reports import EffectRow, Overview

VERDICTS = {
    Verdict.HELPS: "helps",
    Verdict.UNCLEAR: "cannot tell yet",
    Verdict.HARMS: "does harm",
}


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One rule: what it sends, the verdict, and the sentences below it."""

    titles: tuple[str, ...]
    word: str
    effect: str
    missing: str
    again: str


def lines(overview: Overview) -> list[ProofLine]:
    """One for each rule of which something may be shown, in the order of the campaign."""
    return [
        _line(row, row.effect) for row in overview.effects if not isinstance(row.effect, Withheld)
    ]


def _line(row: EffectRow, effect: ReleasedEffect) -> ProofLine:
    return ProofLine(
        titles=row.titles,
        word=VERDICTS[effect.verdict],
        effect=_effect(effect),
        missing=_missing(effect),
        again=_again(effect),
    )


def _effect(effect: ReleasedEffect) -> str:
    low, high = effect.low, effect.high
    if effect.verdict is Verdict.HELPS:
        return f"Resistance is {low} to {high} points of 100 lower where it was sent."
    if effect.verdict is Verdict.HARMS:
        return f"Resistance is {-high} to {-low} points of 100 higher where it was sent."
    return (
        f"Between {max(0, -low)} points of 100 more resistance and {max(0, high)} points less "
        "where it was sent."
    )


def _missing(effect: ReleasedEffect) -> str:
    if effect.verdict is not Verdict.UNCLEAR:
        return ""
    if not effect.needed:
        return "An effect of ten points would most likely have shown by now."
    people = f"about {effect.needed:,} more people have answered again"
    return f"An effect of ten points would show once {people}."


def _again(effect: ReleasedEffect) -> str:
    if effect.again_sent is None or effect.again_held is None:
        return "How many answered again is shown from 20 people on each side."
    sent, held = percent(effect.again_sent), percent(effect.again_held)
    return f"Answered again within four weeks: {sent} where it was sent, {held} where it was not."
