"""A second person approves a launch: for exactly the content they could read, and no other.

What waits is stored with its content, so that whoever approves reads what will be launched. Both
the wish and the approval are in the audit log.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import approval
from campaigns.domain.audit import Deed, comms
from campaigns.domain.definition import Definition
from campaigns.errors import NotFoundError, StateError
from campaigns.storage import approvals, audit, responsible
from campaigns.storage.approvals import Wish
from campaigns.storage.database import Database


def require(database: Database, definition: Definition, by: str, now: datetime) -> None:
    """Raises StateError unless this content may be launched; the wish to launch it then waits."""
    if not approval.is_needed(definition):
        return
    approval.require_known(by)
    with database.write() as c:
        wish = approvals.of(c, definition)
        if wish is not None and wish.approved_by not in (None, by):
            return
        if approvals.put(c, definition, by, now):
            audit.put(c, by, Deed.ASKED_APPROVAL, now, definition.campaign.key, _detail(definition))
    key = definition.campaign.key
    raise StateError(
        f'The launch of "{key}" waits for another person\'s approval: bellwether campaign approve '
        f"{key} --by ID, or the campaigns on the first page of the chat. Then launch it again."
    )


def waiting(c: Connection, key: str) -> Wish:
    """The content of that campaign that waits for approval; NotFoundError where none does."""
    for wish in approvals.waiting(c):
        if wish.definition.campaign.key == key:
            return wish
    raise NotFoundError(f'No launch of "{key}" waits for approval.')


def approve(database: Database, wish: Wish, approver: str, now: datetime) -> None:
    """The person with this id of the staff file has approved what was read; StateError if not so.

    A content that was edited since is another one, and waits by itself.
    """
    key = wish.definition.campaign.key
    with database.write() as c:
        if waiting(c, key).sha256 != wish.sha256:
            raise StateError(f'"{key}" was edited since: read it again before you approve it.')
        if not responsible.active(c, [approver]):
            raise StateError(f'Nobody who works here has the id "{approver}".')
        if refusal := approval.refusal(wish.definition, wish.asked_by, approver):
            raise StateError(refusal)
        approvals.approve(c, wish, comms(approver), now)
        audit.put(c, comms(approver), Deed.APPROVED, now, key, _detail(wish.definition))


def _detail(definition: Definition) -> str:
    return f"content {definition.sha256[:16]}"
