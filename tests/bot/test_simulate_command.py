"""`campaign simulate` as one types it: tables, a file of figures, a picture, and clear refusals."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.simulate import _assumed
from campaigns.errors import DefinitionError, InputError

DEMO = Path(__file__).parents[2] / "bot" / "demo"


def test_simulate_shows_the_demo_week_by_week_and_writes_figures_and_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    figures, picture = tmp_path / "run.json", tmp_path / "run.svg"
    file, content = tmp_path / "campaign.yaml", (DEMO / "campaign.yaml").read_text("utf-8")
    file.write_text(re.sub(r"sponsor: .*", 'sponsor: "[Who stands for it]"', content), "utf-8")
    out = CliRunner().invoke(
        app,
        [
            *("campaign", "simulate", str(file), "--weeks", "5"),
            *("--staff", str(DEMO / "staff.csv"), "--answer-rate", "0.5"),
            *("--assume", "told_days=20"),
            *("--json", str(figures), "--picture", str(picture)),
        ],
    )
    assert out.exit_code == 0, out.output
    assert "397 people in 37 teams" in out.output
    assert "one text is still to be filled in before a launch" in out.output
    assert "waits until something is told back" in out.output
    assert "answer_rate" in out.output
    told = json.loads(figures.read_text(encoding="utf-8"))
    assert told["assumptions"]["answer_rate"] == 0.5
    assert [sum(week["people_by_messages"].values()) for week in told["weeks"]] == [397] * 5
    assert {one["touchpoint"] for one in told["rounds"]} >= {"why-now", "pulse", "pulse-reminder"}
    assert {one["kind"] for one in told["rounds"]} >= {"told", "follow_up"}
    assert [one["touchpoint"] for one in told["waits_for_telling_back"]] == ["pulse"]
    drawn = "".join(ElementTree.fromstring(picture.read_text(encoding="utf-8")).itertext())
    assert "why-now (vision)" in drawn
    assert "prefers-color-scheme: dark" in drawn
    assert max(len(line) for line in out.output.splitlines()) <= 80


def test_simulate_refuses_what_can_not_be_launched_for_more_than_its_blanks(
    tmp_path: Path,
) -> None:
    file, content = tmp_path / "campaign.yaml", (DEMO / "campaign.yaml").read_text("utf-8")
    file.write_text(content.replace("send: talk", "send: tlak"), "utf-8")
    asked = ["campaign", "simulate", str(file), "--staff", str(DEMO / "staff.csv")]
    with pytest.raises(DefinitionError, match="did you mean"):
        CliRunner().invoke(app, asked, catch_exceptions=False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("anser_rate=1", "is no assumption; expected one of answer_rate"),
        ("answer_rate=often", "needs a number, such as answer_rate=0.3"),
        ("answer_rate=2", "answer_rate is 2.0; expected 0 to 1"),
        ("resistant=0.9", "more than 1 together"),
    ],
)
def test_simulate_says_which_assumption_can_not_be(given: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _assumed([given])
