"""What a group chose most, in the words of the campaign file; what was released of it decides."""

from collections.abc import Mapping

from campaigns.domain.confidentiality import Released
from campaigns.domain.content import scale_end
from campaigns.domain.definition import Definition, Question, pick
from campaigns.domain.picks import HIGH, LOW, MIDDLE
from campaigns.domain.wording import say


def picked(cell: Released, definition: Definition, language: str) -> list[tuple[str, list[str]]]:
    """Each question with what most people of the group chose, most first.

    In the order of the file; what a later version of it no longer asks is left out.
    """
    found = []
    for question in definition.campaign.questions:
        labels = _labels(question, definition, language)
        keys = [key for asked, key in cell.picks if asked == question.key]
        if options := [labels[key] for key in keys if key in labels]:
            prompt = pick(question.prompt, language, definition.default_language).strip()
            found.append((prompt, options))
    return found


def _labels(question: Question, definition: Definition, language: str) -> Mapping[str, str]:
    if question.kind == "choice":
        default = definition.default_language
        return {one.key: pick(one.label, language, default).strip() for one in question.options}
    ends = {LOW: question.low, HIGH: question.high}
    towards = {
        side: say(language, "towards “{end}”", end=scale_end(definition, language, end))
        for side, end in ends.items()
    }
    return towards | {MIDDLE: say(language, "in between")}
