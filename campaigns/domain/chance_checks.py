"""Whether what a campaign leaves to chance may be left to it, and has anything to choose from."""

from collections.abc import Iterator

from campaigns.domain.definition import Definition
from campaigns.domain.holdout import sends_help
from campaigns.domain.remarks import Remark, error, warning


def chance_remarks(definition: Definition) -> Iterator[Remark]:
    """Where chance would choose what it must not, or has nothing to choose from."""
    for index, rule in enumerate(definition.campaign.rules):
        path = ("campaign", "rules", index)
        written = rule.model_fields_set
        if sends_help(definition, rule) and "holdout" in written and rule.holdout > 0:
            yield error((*path, "holdout"), "help is held out from nobody: expected 0")
        if sends_help(definition, rule) and rule.choose == "adaptive":
            yield error((*path, "choose"), "help is not chosen by how it did: expected evenly")
        if len(rule.send) == 1 and "choose" in written:
            yield warning((*path, "choose"), "there is only one follow-up to choose from")
        if rule.holdout == 0 and "holdout_by" in written:
            yield warning((*path, "holdout_by"), "nobody is held out: holdout is 0")
