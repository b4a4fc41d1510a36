"""The whole of Bellwether at once: twelve weeks at the example agency, with the real model.

What is asserted is what a newcomer is promised; the figures come from the pages and the chat, as
everybody sees them.
"""

import re
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import demo as command
from bot.demo.cast import TURNING
from bot.stage import Stage
from campaigns.domain.alerts import AlertState
from campaigns.domain.confidentiality import Withheld
from campaigns.domain.reports import Overview
from campaigns.flows.overseeing import held_back
from campaigns.flows.reporting import overview
from campaigns.storage import campaigns, directory, ledger, mailbox
from campaigns.storage.mailbox import Posted

pytestmark = pytest.mark.slow
KEY = "permits-2027"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo after its last week, pages still up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("demo"))
        patch.setenv("BELLWETHER_PORT", "0")
        lived = command.live_through_demo(seconds=0, port=0)
        yield lived
        lived.close()


@pytest.fixture(scope="module")
def report(stage: Stage) -> Overview:
    return overview(stage.application.database, KEY, stage.clock.now())


@pytest.fixture(scope="module")
def threads(stage: Stage) -> dict[str, list[Posted]]:
    """Everybody's chat, by external id."""
    with stage.application.database.read() as connection:
        return {
            person.external_id: mailbox.thread(connection, person.id, 1000)
            for person in directory.everyone(connection)
        }


def _page(stage: Stage, path: str) -> str:
    with urllib.request.urlopen(stage.address + path, timeout=30) as response:
        return str(response.read().decode())


def test_demo_flags_the_three_teams_that_turned_and_no_other(report: Overview) -> None:
    assert {alert.team for alert in report.alerts} == set(TURNING)


def test_demo_leaves_one_alert_for_the_newcomer(report: Overview) -> None:
    states = Counter(alert.state for alert in report.alerts)
    assert states == {AlertState.TAKEN: 2, AlertState.OPEN: 1}


def test_demo_withholds_teams_under_the_minimum(report: Overview) -> None:
    cells = {row.name: row.cells for row in report.teams}
    for name in ("Heritage Buildings", "Data Protection Office"):
        assert all(isinstance(cell, Withheld) for cell in cells[name])
    assert not all(isinstance(cell, Withheld) for cell in cells["Phone Line"])


def test_demo_tells_the_change_agent_in_the_chat(threads: dict[str, list[Posted]]) -> None:
    alerts = [one.message for one in threads["P0163"] if one.message.importance == "alert"]
    assert len(alerts) == 1
    assert "Records and Archive" in alerts[0].fallback_text


def test_demo_tells_something_back_of_each_period_and_leaves_the_last_to_the_newcomer(
    stage: Stage, threads: dict[str, list[Posted]]
) -> None:
    with stage.application.database.read() as c:
        told = ledger.of_campaign(c, campaigns.by_key(c, KEY).id)
    assert sorted(one.voice.period for one in told) == [0, 1, 2, 3, 4]
    assert all(one.told_at for one in told)
    english = [one.message.fallback_text for thread in threads.values() for one in thread]
    assert sum("We will do: " in text for text in english) > 500
    assert "Nothing was told back" in _page(stage, f"/dashboard/{KEY}")


def test_demo_moves_hardly_a_pulse_because_the_one_before_waited(stage: Stage) -> None:
    with stage.application.database.read() as c:
        found = held_back(c, campaigns.by_key(c, KEY))
    moved = {one.reason: one.n_moved or 0 for one in found}
    assert moved.get("days between pulses", 0) < 100


def test_demo_sends_follow_ups_of_several_kinds(report: Overview) -> None:
    assert sum(row.people is not None for row in report.follow_ups) >= 5


def test_demo_shows_no_message_twice(threads: dict[str, list[Posted]]) -> None:
    for thread in threads.values():
        keys = [posted.message.key for posted in thread]
        assert len(keys) == len(set(keys))


def test_demo_page_names_the_turned_teams_and_no_small_figure(stage: Stage) -> None:
    page = _page(stage, f"/dashboard/{KEY}")
    for team in TURNING:
        assert team in page
    assert "not shown" in page.casefold()


def test_demo_ends_with_an_address_that_shows_what_it_says(stage: Stage) -> None:
    told = command.last_words(stage)
    address = told.split()[1]
    assert address.startswith(stage.address)
    assert "three teams" in told
    assert len(TURNING) == 3
    with urllib.request.urlopen(address, timeout=30) as response:
        page = response.read().decode()
    assert all(team in page for team in TURNING)


def test_demo_page_shows_nobodys_words(stage: Stage) -> None:
    page = re.sub(r"\s+", " ", _page(stage, f"/dashboard/{KEY}")).casefold()
    texts = Path(command.DEMO_FOLDER / "texts_en.jsonl").read_text(encoding="utf-8")
    written = re.findall(r'"text": ?"([^"]{25,})"', texts)
    assert len(written) > 300
    assert not [text for text in written if text.casefold() in page]
