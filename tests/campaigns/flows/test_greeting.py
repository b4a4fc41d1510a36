"""The first page of a change agent: their teams' figures, those with more signs first."""

from datetime import timedelta

from campaigns.flows.greeting import home
from campaigns.flows.watching import close_periods
from campaigns.storage import directory
from sentiment.fading import Ints, Kept
from sentiment.resistance import Confusion
from sentiment.watch import Judgement
from tests.agency import Agency, everybody, first_of_the_first
from tests.scene import VAULT


class Told:
    """A detector that is told the evidence of each team."""

    confusion = Confusion()

    def __init__(self, *evidence: float) -> None:
        self.evidence = evidence

    def judge(self, _kept: Kept, _team: Ints, n_teams: int) -> list[Judgement | None]:
        return [Judgement("high", one, one) for one in self.evidence[:n_teams]]


def your_teams(agency: Agency) -> str:
    """What the agent of the first division reads of their teams, who have all three."""
    now = agency.close_at(0)
    with agency.database.write() as c:
        agent = directory.person(c, agency.agents[0])
        directory.replace_agents(c, [(team, agent.id) for team in agency.teams])
    shown = home(agency.database, VAULT, agent, is_comms=False, lane=None, now=now)
    return next(one.fallback_text for one in shown if "Your teams" in one.fallback_text)


def test_teams_with_more_signs_come_first(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), everybody((4, None)))
    close_periods(small.database, VAULT, Told(0.1, 1.7, 0.6), small.close_at(0))
    said = your_teams(small)
    lines = [line for line in said.splitlines() if "needs someone" in line]
    assert [line[:3] for line in lines] == ["T01", "T02", "T00"]
    words = ("strong signs that it", "some signs that it", "no signs that it")
    assert all(word in line for line, word in zip(lines, words, strict=True))
    assert "Signs are no measurement" in said


def test_a_team_that_is_not_shown_has_no_sign_and_comes_last(small: Agency) -> None:
    small.pulse(small.launched_at + timedelta(days=1), first_of_the_first(3))
    close_periods(small.database, VAULT, Told(1.9, 0.1, 0.1), small.close_at(0))
    hidden = next(line for line in your_teams(small).splitlines() if line.startswith("T00"))
    assert hidden == "T00: not shown"
    assert your_teams(small).index("T00") > your_teams(small).index("T01")
