"""Whether a follow-up helps is said in words that claim no more than the interval does."""

from dataclasses import replace

from flask.testing import FlaskClient

from bot.web import proof
from campaigns.domain.confidentiality import WITHHELD, release_effect
from campaigns.domain.experiments import Arm, Tally
from campaigns.domain.reports import EffectRow
from campaigns.domain.thompson import Record
from campaigns.storage import campaigns, effects
from campaigns.storage.effects import Counted
from tests.bot.web.reading import plain
from tests.bot.web.stage import Stage
from tests.bot.web.test_board import EMPTY
from tests.scene import definition

ENOUGH = Tally(
    n=400,
    total=40.0,  # .1 for each, with a spread of .3
    squares=40.0,
    sent=Arm(600, 320, 200),
    held=Arm(400, 80, 60),
    if_sent=Record(n=320),
    if_held=Record(n=80),
)


def line(tally: Tally) -> proof.ProofLine:
    row = EffectRow("learn", ("About training",), release_effect(tally))
    [found] = proof.lines(replace(EMPTY, effects=(row,)))
    return found


def test_line_says_how_much_it_helps_with_both_ends_and_both_rates() -> None:
    found = line(ENOUGH)
    assert found.word == "helps"
    assert found.effect == "Resistance is 5 to 15 points of 100 lower where it was sent."
    assert found.missing == ""
    assert found.again == (
        "Answered again within four weeks: about 55 % where it was sent, about 20 % where it was "
        "not."
    )


def test_line_says_so_when_it_does_harm() -> None:
    found = line(replace(ENOUGH, total=-40.0))
    assert found.word == "does harm"
    assert found.effect == "Resistance is 5 to 15 points of 100 higher where it was sent."


def test_line_says_how_many_are_missing_when_nothing_can_be_told() -> None:
    found = line(replace(ENOUGH, n=60, total=1.0, squares=20.0))
    assert found.word == "cannot tell yet"
    assert found.effect.startswith("Between ")
    assert "more people have answered again" in found.missing


def test_nothing_is_listed_of_too_few_people() -> None:
    assert proof.lines(replace(EMPTY, effects=(EffectRow("r", ("T",), WITHHELD),))) == []


def test_dashboard_says_whether_replies_help(stage: Stage, client: FlaskClient) -> None:
    rule = {"key": "learn", "when": {"barrier": ["knowledge"]}, "send": "training"}
    stage.launch(definition(rules=[rule]))
    page = plain(client.get("/dashboard/portal-2027").text)
    assert "A comparison of before and after alone would prove nothing" in page
    assert "once 40 people have answered again" in page
    with stage.database.write() as c:
        [campaign] = campaigns.all_launched(c)
        effects.put(c, campaign.id, {"learn": Counted(stage.now(), stage.now(), ENOUGH)})
    page = plain(client.get("/dashboard/portal-2027").text)
    assert "helps" in page
    assert "5 to 15 points of 100 lower" in page
    assert "once 40 people have answered again" not in page
