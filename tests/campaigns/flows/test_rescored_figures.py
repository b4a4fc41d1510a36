"""What teams add up to while texts are read anew: the old scores first, then all of the new."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from campaigns.domain.confidentiality import Released
from campaigns.domain.periods import span
from campaigns.flows import rescoring
from campaigns.flows.detecting import Watched, respondents
from campaigns.flows.rescoring import rescore
from campaigns.flows.watching import close_periods
from campaigns.storage import aggregates, detector_states
from campaigns.storage.aggregates import Answered
from campaigns.storage.database import Database
from campaigns.storage.tables import alerts, answers, deliveries, scores
from sentiment.labels import Stance, Status
from sentiment.resistance import Confusion
from sentiment.trend import Judgement, PlainDetector, Point
from tests.agency import Agency, everybody, published
from tests.fakes import FixedScorer, a_score
from tests.scene import VAULT

TEXT = "I can't say."
RESISTANT = a_score(Stance.RESISTANT, model="fixed-2")
DETECTOR = PlainDetector()


class Killed(BaseException):
    """Stands for a process that ends in the middle."""


@pytest.fixture
def agency(small: Agency, monkeypatch: pytest.MonkeyPatch) -> Agency:
    """Everybody wrote once in the first period, and was read as rather in favour."""
    monkeypatch.setattr(rescoring, "BATCH", 8)
    small.pulse(small.launched_at + timedelta(days=1), everybody((None, 0.1)))
    keep_words(small)
    return small


def keep_words(agency: Agency) -> None:
    with agency.database.write() as c:
        texts = update(answers).where(answers.c.kind == "text")
        c.execute(texts.values(words=VAULT.encrypt(TEXT)))


def read_anew(
    agency: Agency,
    scorer: FixedScorer | None = None,
    advance: Callable[[int], None] = lambda _n: None,
) -> int:
    scorer = scorer or FixedScorer({TEXT: RESISTANT}, model_version="fixed-2")
    return rescore(agency.database, VAULT, scorer, DETECTOR, advance).n_new


def added_up(agency: Agency, period: int = 0) -> dict[int, Answered]:
    with agency.database.read() as c:
        during = span(agency.launched_at, 4, period)
        return aggregates.respondents(c, agency.campaign.id, [], during)


def carried(agency: Agency) -> dict[int, Watched]:
    with agency.database.read() as c:
        found = detector_states.of_campaign(c, agency.campaign.id)
    return {team: Watched.load(state) for team, state in found.items()}


def test_figures_are_made_of_the_old_scores_until_the_last_text_is_read(agency: Agency) -> None:
    before, heard = added_up(agency), []

    def stop(n_more: int) -> None:
        assert added_up(agency) == before
        heard.append(n_more)
        if len(heard) == 3:
            raise Killed

    with pytest.raises(Killed):
        read_anew(agency, advance=stop)
    assert added_up(agency) == before
    assert read_anew(agency) == 34
    after = added_up(agency)
    assert after.keys() == before.keys()
    assert [one.evidence.p_stance[0] for one in after.values()] == pytest.approx([0.8] * 34)


def test_what_was_published_stays_and_nobody_is_told(agency: Agency) -> None:
    close_periods(agency.database, DETECTOR, agency.close_at(0))
    before = published(agency)
    assert isinstance(before[0].cells[agency.root], Released)
    read_anew(agency)
    assert close_periods(agency.database, DETECTOR, agency.close_at(0)) == 0
    assert published(agency) == before
    with agency.database.read() as c:
        assert c.scalar(select(func.count()).select_from(alerts)) == 0
        kinds = set(c.scalars(select(deliveries.c.kind)))
    assert kinds == {"pulse"}


def test_a_period_is_published_from_the_new_scores_when_it_closes_after(agency: Agency) -> None:
    read_anew(agency)
    close_periods(agency.database, DETECTOR, agency.close_at(0))
    assert all(one.points[0].mean > 0.5 for one in carried(agency).values())


def test_whom_a_shown_group_counted_is_found_again_when_the_new_model_is_unsure(
    agency: Agency,
) -> None:
    def people() -> dict[int, frozenset[int]]:
        with agency.database.read() as c:
            during = span(agency.launched_at, 4, 0)
            return aggregates.teams_of_respondents(c, agency.campaign.id, [], during)

    before = people()
    assert sum(map(len, before.values())) == 34
    unsure = {TEXT: a_score(status=Status.UNSURE, model="fixed-2")}
    assert read_anew(agency, FixedScorer(unsure, model_version="fixed-2")) == 34
    assert people() == before


def test_what_is_carried_is_measured_again_by_the_new_scores(agency: Agency) -> None:
    close_periods(agency.database, DETECTOR, agency.close_at(0))
    before = carried(agency)
    read_anew(agency)
    after = carried(agency)
    assert after.keys() == before.keys()
    for team, one in after.items():
        [old], [new] = before[team].points, one.points
        assert (new.period, new.n, new.n_rest) == (old.period, old.n, old.n_rest)
        assert new.mean > 0.8 > 0.2 > old.mean
    with agency.database.read() as c:
        during = span(agency.launched_at, 4, 0)
        people = respondents(c, agency.campaign.id, [], during, DETECTOR)
    own = [one.stances[0] for one in people.values() if one.team_id == agency.teams[0]]
    assert after[agency.teams[0]].points[0].mean == pytest.approx(sum(own) / len(own))


def test_what_is_carried_stays_when_not_all_of_its_people_are_left(agency: Agency) -> None:
    close_periods(agency.database, DETECTOR, agency.close_at(0))
    before = carried(agency)
    gone = select(answers.c.id).where(answers.c.person_id == agency.staff[agency.teams[0]][0])
    with agency.database.write() as c:
        c.execute(delete(scores).where(scores.c.answer_id.in_(gone)))
    assert read_anew(agency) == 33
    assert carried(agency) == before


class Interrupted:
    """A detector that hears of all texts read anew while it thinks about a close."""

    confusion = Confusion()

    def __init__(self, agency: Agency) -> None:
        self.agency, self.done = agency, False

    def judge(self, points: Sequence[Point]) -> Judgement | None:
        if not self.done and len(points) == 2:
            self.done = True
            read_anew(self.agency)
        return DETECTOR.judge(points)


def test_a_close_looks_again_when_all_texts_were_read_anew_meanwhile(
    database: Database, agency: Agency, now: datetime
) -> None:
    close_periods(database, DETECTOR, agency.close_at(0))
    agency.pulse(now + timedelta(weeks=4, days=1), everybody((None, 0.1)))
    keep_words(agency)
    assert close_periods(database, Interrupted(agency), agency.close_at(1)) == 1
    for one in carried(agency).values():
        assert [point.mean > 0.8 for point in one.points] == [True, True]
