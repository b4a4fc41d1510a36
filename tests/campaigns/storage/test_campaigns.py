"""Campaigns, their versions and states as they are stored."""

from datetime import datetime, timedelta

import pytest

from campaigns.errors import NotFoundError
from campaigns.storage import campaigns
from campaigns.storage.campaigns import PAUSED, STOPPED
from campaigns.storage.database import Database
from tests.sending import campaign, pulse, vision

HOUR = timedelta(hours=1)


def test_campaign_is_found_by_key_and_id_when_stored(database: Database, now: datetime) -> None:
    with database.write() as c:
        launched = campaigns.put(c, campaign(), now)
    with database.read() as c:
        assert campaigns.by_key(c, "portal") == campaigns.by_id(c, launched.id) == launched
    assert launched.definition == campaign()


def test_definition_comes_back_equal_with_all_it_can_hold(
    database: Database, now: datetime
) -> None:
    full = campaign(
        vision(at="2027-02-01T09:00:00"),
        vision("absolute", at="2027-02-01T09:00:00+01:00"),
        pulse(cron="0 9 * * MON", first_on="2027-02-01", times=4),
        audience={"teams": ["A"], "except": {"people": ["p1"]}},
        languages=["en", "de"],
    )
    with database.write() as c:
        launched = campaigns.put(c, full, now)
    with database.read() as c:
        assert campaigns.definition(c, launched.version_id) == full


def test_versions_count_up_and_keep_what_they_said(database: Database, now: datetime) -> None:
    texts = [campaign(), campaign(vision(), pulse()), campaign()]
    with database.write() as c:
        stored = [campaigns.put(c, text, now + n * HOUR) for n, text in enumerate(texts)]
        again = campaigns.put(c, texts[-1], now + 9 * HOUR)
    assert [one.number for one in stored] == [1, 2, 3]
    assert again == stored[-1]
    assert {one.launched_at for one in stored} == {now}
    with database.read() as c:
        assert [campaigns.definition(c, one.version_id) for one in stored] == texts


def test_campaigns_of_one_initiative_share_it(database: Database, now: datetime) -> None:
    with database.write() as c:
        first = campaigns.put(c, campaign(), now)
        second = campaigns.put(c, campaign(key="other"), now)
    assert first.id != second.id
    assert first.initiative_id == second.initiative_id


def test_running_leaves_out_what_is_paused_or_stopped(database: Database, now: datetime) -> None:
    with database.write() as c:
        ids = [campaigns.put(c, campaign(key=key), now).id for key in ("a", "b", "c")]
        campaigns.set_state(c, ids[1], PAUSED, now)
        campaigns.set_state(c, ids[2], STOPPED, now)
    with database.read() as c:
        assert [one.id for one in campaigns.running(c)] == ids[:1]
        assert [one.id for one in campaigns.all_launched(c)] == ids
        assert campaigns.states(c, ids[1:]) == {ids[1]: "paused", ids[2]: "stopped"}


def test_looking_up_is_refused_when_there_is_no_such_campaign(database: Database) -> None:
    with database.read() as c:
        with pytest.raises(NotFoundError, match="portal"):
            campaigns.by_key(c, "portal")
        with pytest.raises(NotFoundError):
            campaigns.by_id(c, 17)
        with pytest.raises(NotFoundError):
            campaigns.definition(c, 17)
