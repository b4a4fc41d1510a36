"""`bellwether campaign playbooks` and `new` bring a comms team from a concern to a file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands import campaign
from bot.playbooks import ready
from campaigns.domain.reading import read
from campaigns.domain.texts import leaves
from campaigns.errors import DefinitionError, InputError, NotFoundError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(campaign.app, arguments)


def test_playbooks_are_listed_with_key_concern_and_a_line() -> None:
    result = run("playbooks")
    assert result.exit_code == 0
    line = next(one for one in result.output.splitlines() if one.startswith("change-vision"))
    assert "Change vision and change agents (en, de, fr, es)" in line
    assert "Why the change comes" in result.output


def test_keys_of_playbooks_can_be_copied_from_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = run("playbooks").output
    assert all(f"{one.key} " in said for one in ready())


def test_new_copies_a_playbook_and_tells_what_to_fill_in_and_to_run_next() -> None:
    result = run("new", "change-vision", "our.yaml")
    assert result.exit_code == 0, result.exception
    source = Path("our.yaml").read_text(encoding="utf-8").splitlines()
    [told] = [one for one in result.output.splitlines() if "[number of staff counselling" in one]
    number = int(told.split()[1])
    assert "[number of staff counselling" in source[number - 1]
    assert "[id in the staff file of" in result.output
    for command in ("check", "simulate", "launch"):
        assert f"bellwether campaign {command} our.yaml" in result.output


def test_copy_is_refused_by_the_check_at_the_lines_that_new_told() -> None:
    run("new", "change-vision", "our.yaml")
    error = run("check", "our.yaml").exception
    assert isinstance(error, DefinitionError)
    place = "campaign.help_contacts[1].contact): [number of staff counselling"
    assert [one for one in str(error).splitlines() if place in one and one.startswith("line ")]


def test_new_writes_over_nothing() -> None:
    Path("ours.yaml").write_text("mine", encoding="utf-8")
    result = run("new", "change-vision", "ours.yaml")
    assert isinstance(result.exception, InputError)
    assert "exists already" in str(result.exception)
    assert Path("ours.yaml").read_text(encoding="utf-8") == "mine"


def test_new_asks_whether_another_playbook_was_meant_and_leaves_no_file() -> None:
    error = run("new", "change-visoin", "our.yaml").exception
    assert isinstance(error, NotFoundError)
    assert 'did you mean "change-vision"?' in str(error)
    assert not Path("our.yaml").exists()


@pytest.mark.parametrize("key", ["change-vision", "process-bottlenecks"])
def test_new_keeps_the_languages_that_are_asked_for_and_the_comments(key: str) -> None:
    everything, german = Path("all.yaml"), Path("de.yaml")
    run("new", key, "all.yaml")
    run("new", key, "de.yaml", "--language", "de")
    whole = read(everything.read_bytes(), "all.yaml")
    kept = read(german.read_bytes(), "de.yaml")
    assert kept.campaign.languages == ("de",)
    for path, words in leaves(kept, ()):
        if isinstance(words, dict) and "" not in words:
            assert list(words) == ["de"], path
    assert [one.title["de"] for one in kept.campaign.touchpoints] == [
        one.title["de"] for one in whole.campaign.touchpoints
    ]
    comments = [line for line in everything.read_text("utf-8").splitlines() if "# " in line]
    assert [line for line in german.read_text("utf-8").splitlines() if "# " in line] == comments


def test_new_puts_the_language_that_is_named_first_first() -> None:
    run("new", "change-vision", "two.yaml", "--language", "fr", "--language", "en")
    assert read(Path("two.yaml").read_bytes(), "two.yaml").campaign.languages == ("fr", "en")


def test_new_says_that_fewer_languages_leave_less_to_fill_in() -> None:
    said = run("new", "process-bottlenecks", "all.yaml").output
    assert "in en, de, fr, es." in said
    assert "--language" in said
    assert "--language" not in run("new", "stakeholders", "en.yaml").output


def test_new_changes_nothing_where_all_languages_are_kept() -> None:
    run("new", "stakeholders", "all.yaml")
    run("new", "stakeholders", "en.yaml", "--language", "en", "--language", "en")
    assert Path("en.yaml").read_bytes() == Path("all.yaml").read_bytes()


def test_new_makes_no_file_in_a_language_that_the_playbook_lacks() -> None:
    error = run("new", "change-vision", "it.yaml", "--language", "it").exception
    assert isinstance(error, InputError)
    assert str(error) == "It is written in en, de, fr, es, not in it."
    assert not Path("it.yaml").exists()
