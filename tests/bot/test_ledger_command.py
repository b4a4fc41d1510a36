"""`bellwether ledger …` keeps the ledger as its page does: published themes, refusals, the log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import ledger
from campaigns.domain.ledger import Course
from campaigns.errors import BellwetherError
from campaigns.flows import auditing, planning
from campaigns.storage import schema
from campaigns.storage.database import Database
from campaigns.storage.vault import new_key
from tests.campaigns.flows.ledgers import KEY, OVER, TO_COME, Heard

DATA_KEY = new_key()
SUNDAY = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)  # the pulse is at nine on Mondays


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """North said "workload", T00 "tools", in the database that the commands use."""
    address = f"sqlite:///{tmp_path}/ledger.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", address)
    monkeypatch.setenv("BELLWETHER_DATA_KEYS", DATA_KEY)
    monkeypatch.setenv("COLUMNS", "160")
    schema.migrate(address)
    database = Database(address, secrets=[DATA_KEY])
    return Heard(database, SUNDAY - timedelta(days=2), tell_back="wait")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(ledger.app, [str(each) for each in arguments])


def good(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, (result.exception, result.output)
    return result.output


def refused(*arguments: object) -> str:
    error = run(*arguments).exception
    assert isinstance(error, BellwetherError), error
    return str(error)


def decide(heard: Heard, *more: object) -> tuple[object, ...]:
    said = heard.voice(heard.north).key
    owner = ("--owner", f"A{heard.north}", "--date", TO_COME)
    return ("decide", KEY, said, "--course", "planned", "--text", "More people.", *owner, *more)


def test_entry_is_decided_changed_and_told_and_each_is_in_the_log(heard: Heard) -> None:
    assert "North: workload" in good("list", KEY)
    assert "Saved" in good(*decide(heard, "--text", "de=Mehr Leute.", "--by", "A1"))
    (entry,) = heard.entries()
    assert entry.decision.text == {"en": "More people.", "de": "Mehr Leute."}
    undecided, _, decided = good("list", KEY).partition("What is decided")
    assert ("North" in undecided, "North: workload" in decided) == (False, True)
    good("change", KEY, entry.id, "--course", "done", "--date", OVER)
    (changed,) = heard.entries()
    assert (changed.decision.course, changed.decision.text) == (Course.DONE, entry.decision.text)
    assert "More people." in good("tell", KEY, entry.id, "--yes")
    assert heard.spread() > 0
    log = [(one.who, one.deed) for one in auditing.every(heard.database)]
    assert [deed for _, deed in log] == [
        "saw ledger",
        "decided",
        "saw ledger",
        "decided",
        "told back",
    ]
    assert log[1][0] == "comms team A1"


def test_what_is_missing_or_wrong_is_said_and_changes_nothing(heard: Heard) -> None:
    assert "only published themes" in refused(*decide(heard)[:2], "0.1.x", *decide(heard)[3:])
    assert "say why" in refused(*decide(heard, "--course", "dropped")).lower()
    assert "en, de" in refused(*decide(heard, "--text", "it=Più persone."))
    assert "staff file" in refused(*decide(heard, "--owner", "nobody"))
    assert run(*decide(heard, "--date", "tomorrow")).exit_code == 2
    assert "`bellwether ledger list`" in refused("tell", KEY, 7, "--yes")
    assert heard.entries() == []


def test_group_is_told_once_and_only_after_a_yes(heard: Heard) -> None:
    heard.write(heard.voice(heard.north))
    (entry,) = heard.entries()
    assert run("tell", KEY, entry.id).exit_code == 1  # nobody said yes
    assert heard.entries()[0].told_at is None
    good("tell", KEY, entry.id, "--yes")
    assert "nobody gets it twice" in refused("tell", KEY, entry.id, "--yes")


def test_pulse_that_waits_goes_on_at_a_word(heard: Heard) -> None:
    assert "No pulse" in refused("go-on", KEY)
    planning.plan(heard.database, SUNDAY)
    assert "The pulse of Monday, 11 January 2027 waits" in good("list", KEY)
    assert "goes on" in good("go-on", KEY)
    assert "waits" not in good("list", KEY)
    assert "went on" in [one.deed for one in auditing.every(heard.database)]
