"""Whether a launch needs a second person, and who may be that one. Pure comparing of names."""

from campaigns.domain.audit import COMMAND_LINE, comms
from campaigns.errors import StateError

Approval = bool | tuple[str, ...]  # whether a second person is needed, or the ids of those


def holds(running: Approval, wanted: Approval) -> Approval:
    """What a new version is approved by: nobody alone takes the second person out of a running one,
    nor names other ones.

    >>> holds(True, False), holds(False, ("p7",)), holds(("p7",), ("p8",))
    (True, ('p7',), ('p7',))
    """
    return running if isinstance(running, tuple) else wanted or running


def require_known(by: str) -> None:
    """Raises StateError where it isn't said who launches: nobody could tell a second person."""
    if by == COMMAND_LINE:
        raise StateError(
            "This campaign needs a second person's approval, so it has to be known who launches "
            "it: say so with --by and the id from the staff file."
        )


def refusal(named: Approval, asked_by: str, approver: str) -> str:
    """Why the person with this id of the staff file may not approve the launch; empty if so."""
    if comms(approver) == asked_by:
        return "Nobody approves their own launch: ask somebody else."
    if isinstance(named, tuple) and approver not in named:
        return f"Only {', '.join(named)} may approve this launch (campaign.approval in its file)."
    return ""
