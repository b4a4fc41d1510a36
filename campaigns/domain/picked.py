"""What a group chose most, in the words of the campaign file; what is released of it decides."""

from campaigns.domain.confidentiality import Released
from campaigns.domain.definition import Definition, pick


def picked(cell: Released, definition: Definition, language: str) -> list[tuple[str, list[str]]]:
    """Each question of kind choice with the options that most people took, most first.

    In the order of the file; what a later version of it no longer asks is left out.
    """
    default = definition.default_language
    found = []
    for question in definition.campaign.questions:
        labels = {one.key: pick(one.label, language, default).strip() for one in question.options}
        options = [
            labels[key] for asked, key in cell.picks if asked == question.key and key in labels
        ]
        if options:
            found.append((pick(question.prompt, language, default).strip(), options))
    return found
