"""Whether a launch needs a second person, and who may be that one. Pure comparing of names."""

from campaigns.domain.audit import COMMAND_LINE, comms
from campaigns.domain.definition import Definition
from campaigns.errors import StateError


def is_needed(definition: Definition) -> bool:
    """Whether the campaign says that somebody else has to approve each launch."""
    return definition.campaign.approval is not False


def require_known(by: str) -> None:
    """Raises StateError where it isn't said who launches: nobody could tell a second person."""
    if by == COMMAND_LINE:
        raise StateError(
            "This campaign needs a second person's approval, so it has to be known who launches "
            "it: say so with --by and the id from the staff file."
        )


def refusal(definition: Definition, asked_by: str, approver: str) -> str:
    """Why the person with this id of the staff file may not approve the launch; empty if so."""
    if comms(approver) == asked_by:
        return "Nobody approves their own launch: ask somebody else."
    named = definition.campaign.approval
    if isinstance(named, tuple) and approver not in named:
        return f"Only {', '.join(named)} may approve this launch (campaign.approval in its file)."
    return ""
