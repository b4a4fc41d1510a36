"""A second person approves a launch: for exactly the content they could read, and no other; and for
one launch, so that an old version does not come back without anybody's asking.

What waits is stored with its content, so that whoever approves reads what will be launched. Both
the wish and the approval are in the audit log.
"""

from datetime import datetime

from sqlalchemy import Connection

from campaigns.domain import approval
from campaigns.domain.approval import Approval
from campaigns.domain.audit import Deed, comms
from campaigns.domain.definition import Definition
from campaigns.errors import NotFoundError, StateError
from campaigns.storage import approvals, audit, campaigns, responsible
from campaigns.storage.approvals import Wish
from campaigns.storage.database import Database


def require(database: Database, definition: Definition, by: str, now: datetime) -> None:
    """Raises StateError unless this content may be launched; the wish to launch it then waits."""
    with database.read() as c:
        if not _needed(c, definition):
            return
    approval.require_known(by)
    with database.write() as c:
        wish = approvals.of(c, definition)
        spent = wish is not None and _is_spent(c, wish)
        if wish is not None and wish.approved_by not in (None, by) and not spent:
            return
        if approvals.ask(c, definition, by, now, anew=spent):
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
        if refused := refusal(c, wish, approver):
            raise StateError(refused)
        if not approvals.approve(c, wish, comms(approver), now):
            raise StateError(f'The launch of "{key}" is approved already.')
        audit.put(c, comms(approver), Deed.APPROVED, now, key, _detail(wish.definition))


def refusal(c: Connection, wish: Wish, approver: str) -> str:
    """Why the person with this id of the staff file may not approve it; empty if so."""
    return approval.refusal(_needed(c, wish.definition), wish.asked_by, approver)


def _needed(c: Connection, definition: Definition) -> Approval:
    """Who has to approve, by the running version and by this one; of named people who have all
    left, anybody else instead."""
    known = campaigns.ids_by_key(c).get(definition.campaign.key)
    running = campaigns.by_id(c, known).definition.campaign.approval if known else False
    if isinstance(running, tuple):
        running = tuple(one.external_id for one in responsible.active(c, running)) or True
    return approval.holds(running, definition.campaign.approval)


def _is_spent(c: Connection, wish: Wish) -> bool:
    """Whether another version was launched since it was approved."""
    known = campaigns.ids_by_key(c).get(wish.definition.campaign.key)
    if known is None or wish.approved_at is None:
        return False
    launched = campaigns.by_id(c, known)
    return launched.definition.sha256 != wish.sha256 and launched.version_at > wish.approved_at


def _detail(definition: Definition) -> str:
    return f"content {definition.sha256[:16]}"
