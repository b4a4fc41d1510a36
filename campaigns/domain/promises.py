"""What becomes of a promise to staff when a later version of the campaign says something else."""

from pydantic import ValidationError

from campaigns.domain.definition import Confidentiality
from campaigns.errors import DefinitionError, Problem


def stricter(before: Confidentiality, wanted: Confidentiality) -> Confidentiality:
    """What holds from now on: what was promised before, and what the new one adds to it.

    The length of a period stays. Raises DefinitionError where answers would have to go before the
    periods are over in which figures are compared with them.

    >>> both = stricter(Confidentiality(minimum_group=8), Confidentiality(erase_after_months=9))
    >>> both.minimum_group, both.erase_after_months
    (8, 9)
    """
    try:
        return Confidentiality(
            minimum_group=max(before.minimum_group, wanted.minimum_group),
            minimum_for_words=max(before.minimum_for_words, wanted.minimum_for_words),
            period_weeks=before.period_weeks,
            erase_after_months=min(before.erase_after_months, wanted.erase_after_months),
            staff_see_results=before.staff_see_results and wanted.staff_see_results,
        )
    except ValidationError:
        told = (
            f"periods of {before.period_weeks} weeks were promised when this campaign was "
            "launched, and their answers are needed for eight of them: erase later"
        )
        place = "campaign.confidentiality.erase_after_months"
        raise DefinitionError([Problem(place, told)]) from None
