"""Whether a register of stakeholders can be worked with: nobody twice, nobody of weight forgotten.

Nothing is said of a campaign without a register.
"""

from collections.abc import Iterator

from campaigns.domain.definition import Definition
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, error, warning
from campaigns.domain.stakeholders import KINDS


def stakeholder_remarks(definition: Definition) -> Iterator[Remark]:
    """What is wrong with the register."""
    register = definition.initiative.stakeholders
    path: Path = ("initiative", "stakeholders")
    kinds = {one.kind for one in register}
    if register and (missing := [kind for kind in KINDS if kind not in kinds]):
        listed = " and ".join(missing)
        yield warning(path, f"nobody of the kind {listed} is here: is somebody forgotten?")
    for index, one in enumerate(register):
        if one.key in {earlier.key for earlier in register[:index]}:
            message = f'another of the stakeholders is called "{one.key}" already'
            yield error((*path, index, "key"), message)
        if one.influence == "high" and one.every_weeks is None:
            message = "high influence is worth more than one talk: give it every_weeks"
            yield warning((*path, index), message)
