"""`bellwether campaign …` explains files in sentences, and holds what it is told to hold."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import campaign
from campaigns.errors import BellwetherError, DefinitionError, NotFoundError, StateError
from campaigns.flows.enrolling import import_people
from campaigns.storage import campaigns, schema
from campaigns.storage.database import Database
from tests.campaigns.domain.drafts import (
    plain,
    pulse,
    scale,
    stakeholder,
    vision,
    with_register,
)

DEMO = Path(__file__).parents[2] / "bot" / "demo"
FILE = DEMO / "campaign.yaml"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database that is not there yet, which the commands will use."""
    address = f"sqlite:///{tmp_path}/campaign.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELLWETHER_DATABASE_URL", address)
    monkeypatch.setenv("COLUMNS", "120")
    return address


@pytest.fixture
def empty(bare: str) -> str:
    """The same with tables and without people."""
    schema.migrate(bare)
    return bare


@pytest.fixture
def staffed(empty: str) -> str:
    """The same with the staff of the example agency."""
    database = Database(empty)
    import_people(database, (DEMO / "staff.csv").read_bytes(), dry_run=False, skip_bad=False)
    database.close()
    return empty


def run(*arguments: str | Path, answer: str | None = None) -> Result:
    return CliRunner().invoke(campaign.app, [str(each) for each in arguments], input=answer)


def good(*arguments: str | Path, answer: str | None = None) -> str:
    result = run(*arguments, answer=answer)
    assert result.exit_code == 0, (result.exception, result.output)
    return result.output


def refused(*arguments: str | Path) -> BellwetherError:
    result = run(*arguments)
    assert isinstance(result.exception, BellwetherError), (result.exception, result.output)
    return result.exception


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "changed.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


@pytest.mark.usefixtures("staffed")
def test_check_estimates_and_shows_every_message() -> None:
    output = good("check", FILE)
    assert "397 people in 37 teams" in output
    assert re.search(r"first message +from \d{4}-.+ until about \d{4}-.+ UTC", output)
    assert "24 of them read en for want of their own" in output
    assert "16, and up to 13 reminders" in output
    assert "in some teams one more a pulse" in output
    assert "Why we are moving permits into one portal" in output
    assert "Warum die Genehmigungen" not in output
    assert "can be launched" in output


@pytest.mark.usefixtures("bare")
def test_check_shows_other_languages_when_asked() -> None:
    assert "Warum die Genehmigungen" in good("check", FILE, "--language", "de")
    output = good("check", FILE, "--language", "all")
    assert "Why we are moving" in output
    assert "Por qué los permisos" in output
    assert "Why we are moving" not in good("check", FILE, "--no-messages")
    assert "not it" in str(refused("check", FILE, "--language", "it"))


@pytest.mark.usefixtures("bare")
def test_check_explains_that_people_are_asked_for_their_words(tmp_path: Path) -> None:
    asking = changed(tmp_path, "  help_contacts:", "  learn_from_words: true\n  help_contacts:")
    output = good("check", asking)
    assert "whoever writes something may release it" in output
    assert "[Learn from my words]" in output
    assert "learning" not in good("check", FILE, "--no-messages")
    wrong = changed(tmp_path, "  help_contacts:", "  learn_from_words: maybe\n  help_contacts:")
    assert "expected true or false" in str(refused("check", wrong))


@pytest.mark.usefixtures("bare")
def test_check_tells_who_is_to_be_talked_to_first(tmp_path: Path) -> None:
    later = stakeholder("paper", name="Local paper", first_week=3)
    content = with_register(plain(touchpoints=[vision()]), stakeholder(), later)
    file = tmp_path / "register.yaml"
    file.write_text(content.model_dump_json(exclude_unset=True), encoding="utf-8")
    output = good("check", file)
    assert "2; to be talked to in the first week: Mayor’s office" in output
    assert "Local paper" not in output


@pytest.mark.usefixtures("bare")
def test_check_tells_what_comes_in_turn_round_by_round(tmp_path: Path) -> None:
    keys = ["tools", "room", "time"]
    rotate = {"questions": keys, "at_a_time": 2}
    asking = pulse(questions=["ready", *keys], rotate=rotate, ask={"one_in": 2})
    questions = [scale(favourable="high"), *map(scale, keys)]
    content = plain(questions=questions, touchpoints=[asking])
    file = tmp_path / "turns.yaml"
    file.write_text(content.model_dump_json(exclude_unset=True), encoding="utf-8")
    output = good("check", file)
    assert "tools, room (2 rounds); then time, tools (2 rounds); and so on" in output


@pytest.mark.usefixtures("bare")
def test_check_works_before_anything_was_set_up(tmp_path: Path) -> None:
    assert "unknown: no staff were imported" in good("check", FILE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("bare")
def test_check_tells_errors_by_their_place_and_warnings_beside_them(tmp_path: Path) -> None:
    file = changed(tmp_path, "send: training", "send: trainning")
    error = refused("check", file)
    assert isinstance(error, DefinitionError)
    assert 'did you mean "training"?' in str(error)
    assert "(campaign.rules[lacks-knowledge].send)" in str(error)
    slow = changed(tmp_path, "open_days: 6", "open_days: 9")
    output = good("check", slow)
    assert "warning line " in output
    assert "while its previous round is still open" in output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "broken.yaml: the file is empty"),
        (b"\xff\xfe\x00", "broken.yaml, line 1, column 1: this is not text in UTF-8"),
        (b"a:\n\t- b", "line 2, column 1: there is a tab here"),
        (b"- a", "line 1, column 1: expected the keys"),
        (b"campaign: 3", "line 1, column 11 (campaign): expected keys and values"),
    ],
)
@pytest.mark.parametrize("command", ["check", "launch"])
@pytest.mark.usefixtures("bare")
def test_broken_file_is_refused_in_a_sentence(
    tmp_path: Path, command: str, content: bytes, told: str
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_bytes(content)
    assert told in str(refused(command, file))


@pytest.mark.usefixtures("bare")
def test_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "No such file or directory" in str(refused("check", tmp_path / "none.yaml"))
    assert "Is a directory" in str(refused("check", tmp_path))


def test_program_ends_with_2_and_without_a_traceback_when_a_file_is_wrong(
    bare: str, tmp_path: Path
) -> None:
    file = changed(tmp_path, "kind: vision", "kind: division")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "campaign", "check", str(file)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "BELLWETHER_DATABASE_URL": bare},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert 'did you mean "vision"?' in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_schema_is_json_that_describes_campaigns() -> None:
    schema_text = json.loads(good("schema"))
    assert schema_text["properties"].keys() >= {"initiative", "campaign"}


@pytest.mark.usefixtures("staffed")
def test_launch_goes_on_when_a_second_person_has_read_and_approved_it(tmp_path: Path) -> None:
    file = changed(tmp_path, "  languages:", "  approval: true\n  languages:")
    author, second = ("--by", "P0001"), ("--by", "P0002")
    assert "waits for another person's approval" in str(refused("launch", file, "--yes", *author))
    assert "their own launch" in str(refused("approve", "permits-2027", "--yes", *author))
    shown = good("approve", "permits-2027", *second, answer="y\n")
    assert "audience" in shown  # and every message, before it asks
    assert "is approved" in shown
    assert "is running, version 1" in good("launch", file, "--yes", *author)


@pytest.mark.usefixtures("staffed")
def test_launch_pause_resume_and_stop_in_turn() -> None:
    assert "No campaign was launched yet" in good("status")
    assert "permits-2027 is running, version 1" in good("launch", FILE, "--yes")
    assert "is paused" in good("pause", "permits-2027")
    assert "paused" in good("status", "permits-2027")
    assert "not running" in str(refused("pause", "permits-2027"))
    assert "is running again" in good("resume", "permits-2027")
    assert "No planned message had gone out" in good("stop", "permits-2027")
    assert isinstance(refused("resume", "permits-2027"), StateError)
    output = good("status")
    assert "stopped" in output
    assert "nothing" in output


def test_status_says_why_everything_is_paused(staffed: str) -> None:
    good("launch", FILE, "--yes")
    database = Database(staffed)
    with database.write() as c:
        campaigns.pause_all(c, "The token was revoked.", datetime(2027, 1, 12, tzinfo=UTC))
    database.close()
    assert "was paused for everybody: The token was revoked." in good("status")
    good("resume", "permits-2027")
    assert "revoked" not in good("status")


@pytest.mark.usefixtures("staffed")
def test_launching_a_changed_file_makes_the_next_version(tmp_path: Path) -> None:
    good("launch", FILE, "--yes")
    assert "version 1" in good("launch", FILE, "--yes")
    second = good("launch", changed(tmp_path, "times: 13", "times: 10"), "--yes")
    assert "version 2" in second
    assert "touchpoints: changed pulse" in second
    assert "touchpoints: changed pulse" in good("check", FILE)  # it would change back again


def test_launch_asks_first_and_launches_nothing_when_the_answer_is_no(staffed: str) -> None:
    result = run("launch", FILE, answer="n\n")
    assert result.exit_code == 1
    assert "Launch it to 397 people?" in result.output
    assert launched(staffed) == []
    assert "is running" in good("launch", FILE, answer="y\n")
    assert launched(staffed) == ["permits-2027"]


def test_launch_refuses_errors_and_an_empty_directory(empty: str, tmp_path: Path) -> None:
    assert "bellwether people import" in str(refused("launch", FILE, "--yes"))
    refused("launch", changed(tmp_path, "send: training", "send: x"), "--yes")
    assert launched(empty) == []


@pytest.mark.usefixtures("bare")
def test_commands_say_what_to_do_before_the_database_is_set_up() -> None:
    for arguments in (["status"], ["pause", "x"], ["launch", str(FILE), "--yes"]):
        assert "bellwether migrate" in str(refused(*arguments))


@pytest.mark.usefixtures("empty")
def test_unknown_campaign_is_refused_by_its_key() -> None:
    for command in ("pause", "resume", "stop", "status"):
        error = refused(command, "nowhere")
        assert isinstance(error, NotFoundError)
        assert '"nowhere"' in str(error)


@pytest.mark.usefixtures("staffed")
def test_status_counts_sendings_and_names_the_next() -> None:
    good("launch", FILE, "--yes")
    output = good("status")
    assert "permits-2027" in output
    assert "running" in output
    assert "next (UTC)" in output


LOOKS = ("check", "schema", "status", "hindsight")


def test_help_explains_every_command() -> None:
    for command in (*LOOKS, "launch", "pause", "resume", "stop"):
        assert command in good("--help")
        assert len(good(command, "--help")) > 300


def launched(url: str) -> list[str]:
    database = Database(url)
    with database.read() as connection:
        found = [one.key for one in campaigns.all_launched(connection)]
    database.close()
    return found
