"""A launch waits for a second person, who approves exactly what was read."""

from datetime import datetime, timedelta

import pytest

from campaigns.domain.audit import comms
from campaigns.domain.definition import Definition
from campaigns.errors import NotFoundError, StateError
from campaigns.flows import approving
from campaigns.flows.planning import launch, plan
from campaigns.storage import approvals, audit, directory
from campaigns.storage.approvals import Wish
from campaigns.storage.database import Database
from tests.sending import campaign, rows, staff

AUTHOR, SECOND, THIRD = "p1", "p2", "p3"


def wish_of(database: Database, content: Definition, now: datetime) -> Wish:
    """The content waits after its author tried to launch it."""
    with pytest.raises(StateError, match="waits for another person's approval"):
        launch(database, content, now, comms(AUTHOR))
    with database.read() as c:
        return approving.waiting(c, "portal")


def test_launch_waits_until_somebody_else_has_approved_it(
    database: Database, now: datetime
) -> None:
    staff(database, 3)
    content = campaign(approval=True)
    wish = wish_of(database, content, now)
    assert plan(database, now) == 0
    with pytest.raises(StateError, match="their own launch"):
        approving.approve(database, wish, AUTHOR, now)
    with pytest.raises(StateError, match='Nobody who works here has the id "p9"'):
        approving.approve(database, wish, "p9", now)
    approving.approve(database, wish, SECOND, now)
    assert launch(database, content, now, comms(AUTHOR)).number == 1
    assert plan(database, now) == len(rows(database)) == 3
    with database.read() as c:
        said = [(one.who, one.deed, one.detail[:8]) for one in audit.every(c)]
        with pytest.raises(NotFoundError):
            approving.waiting(c, "portal")
    assert said == [
        (comms(AUTHOR), "asked for approval", "content "),
        (comms(SECOND), "approved", "content "),
        (comms(AUTHOR), "launched", "version "),
    ]


def test_edited_content_needs_another_approval(sqlite_database: Database, now: datetime) -> None:
    staff(sqlite_database, 3)
    first = wish_of(sqlite_database, campaign(approval=True), now)
    edited = campaign(approval=True, title="Another title")
    wish_of(sqlite_database, edited, now)
    with pytest.raises(StateError, match="was edited since"):
        approving.approve(sqlite_database, first, SECOND, now)
    wish = wish_of(sqlite_database, edited, now)
    approving.approve(sqlite_database, wish, SECOND, now)
    launch(sqlite_database, edited, now, comms(AUTHOR))
    wish_of(sqlite_database, campaign(approval=True, title="A third one"), now)


def test_only_those_whom_the_campaign_names_may_approve(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 3)
    wish = wish_of(sqlite_database, campaign(approval=[AUTHOR, THIRD]), now)
    with pytest.raises(StateError, match="Only p1, p3 may approve"):
        approving.approve(sqlite_database, wish, SECOND, now)
    approving.approve(sqlite_database, wish, THIRD, now)
    with pytest.raises(StateError, match="waits"):  # nor does the one who approved it launch it
        launch(sqlite_database, wish.definition, now, comms(THIRD))
    launch(sqlite_database, wish.definition, now, comms(AUTHOR))


def test_launch_that_needs_approval_has_to_say_by_whom(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 3)
    with pytest.raises(StateError, match="--by and the id"):
        launch(sqlite_database, campaign(approval=True), now)


@pytest.mark.parametrize("edited", [False, (SECOND,)])
def test_running_campaign_keeps_its_second_person_when_a_version_drops_or_swaps_them(
    sqlite_database: Database, now: datetime, edited: bool | tuple[str, ...]
) -> None:
    staff(sqlite_database, 3)
    content = campaign(approval=[THIRD])
    approving.approve(sqlite_database, wish_of(sqlite_database, content, now), THIRD, now)
    launch(sqlite_database, content, now, comms(AUTHOR))
    wish = wish_of(sqlite_database, campaign(approval=edited), now)
    with pytest.raises(StateError, match="Only p3 may approve"):
        approving.approve(sqlite_database, wish, SECOND, now)
    with sqlite_database.write() as c:
        directory.deactivate(c, [directory.ids_by_external_id(c)[THIRD]])
    approving.approve(sqlite_database, wish, SECOND, now)  # nobody who was named is left
    assert launch(sqlite_database, wish.definition, now, comms(AUTHOR)).number == 2


def test_older_version_that_comes_back_needs_another_approval(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 3)
    for day, title in enumerate(("One", "Two")):
        then, content = now + timedelta(day), campaign(approval=True, title=title)
        approving.approve(sqlite_database, wish_of(sqlite_database, content, then), SECOND, then)
        launch(sqlite_database, content, then, comms(AUTHOR))
        launch(sqlite_database, content, then, comms(AUTHOR))  # as often as one likes
    wish_of(sqlite_database, campaign(approval=True, title="One"), now + timedelta(2))


def test_wish_that_another_one_came_after_can_be_had_again(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 3)
    first, second = (campaign(approval=True, title=title) for title in ("One", "Two"))
    wish_of(sqlite_database, first, now)
    wish_of(sqlite_database, second, now)
    again = wish_of(sqlite_database, first, now + timedelta(minutes=1))
    assert again.sha256 == first.sha256
    approving.approve(sqlite_database, again, SECOND, now)
    with sqlite_database.write() as c:  # whoever pressed at the same moment comes second
        assert not approvals.approve(c, again, comms(THIRD), now)
