"""`bellwether campaign hindsight` shows counts for each budget, names no team, and is logged."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from bot.commands import campaign
from campaigns.flows import auditing
from campaigns.flows.watching import close_periods
from campaigns.storage import schema
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault, new_key
from sentiment.watch import BUDGETS, TeamDetector
from tests.agency import Agency, usual

KEY = new_key()


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Agency:
    """An agency with two closed periods, in the database that the command uses."""
    address = f"sqlite:///{tmp_path}/agency.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", address)
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", KEY)
    monkeypatch.setenv("COLUMNS", "120")
    schema.migrate(address)
    agency, chance = Agency(Database(address, secrets=[KEY]), now, [12, 14, 16, 18]), Random(2)
    for period in range(2):
        agency.pulse(now + timedelta(weeks=4 * period, days=1), usual(chance))
        close_periods(agency.database, Vault([KEY]), TeamDetector(), agency.close_at(period))
    return agency


def test_hindsight_counts_for_each_budget_and_is_logged(lived: Agency) -> None:
    done = CliRunner().invoke(campaign.app, ["hindsight", lived.campaign.key])
    assert done.exit_code == 0, (done.exception, done.output)
    rows = [line for line in done.output.splitlines() if "teams a year" in line]
    assert [int(row.split()[2]) for row in rows] == list(BUDGETS)
    assert all(len(re.findall(r"\d+", row)) == 5 for row in rows)
    assert [("(in use)" in row) for row in rows] == [n == 10 for n in BUDGETS]
    assert not re.search(r"T0\d|North|South", done.output)
    noted = [(one.deed, one.campaign) for one in auditing.every(lived.database)]
    assert ("saw figures", lived.campaign.key) in noted
    lived.database.close()
