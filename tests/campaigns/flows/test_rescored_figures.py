"""What teams add up to while texts are read anew: the old scores first, then all of the new."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from campaigns.domain.confidentiality import Released
from campaigns.domain.periods import span
from campaigns.flows import rescoring
from campaigns.flows.feeding import Crowd, load
from campaigns.flows.rescoring import rescore
from campaigns.flows.watching import close_periods
from campaigns.storage import aggregates, detector_states
from campaigns.storage.aggregates import Answered
from campaigns.storage.database import Database
from campaigns.storage.tables import alerts, answers, deliveries
from sentiment.fading import Ints, Kept
from sentiment.labels import Stance, Status
from sentiment.resistance import Confusion
from sentiment.watch import Judgement, TeamDetector
from tests.agency import Agency, everybody, published
from tests.fakes import FixedScorer, a_score
from tests.scene import VAULT

TEXT = "I can't say."
RESISTANT = a_score(Stance.RESISTANT, model="fixed-2")
DETECTOR = TeamDetector()


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


def carried(agency: Agency) -> Crowd:
    with agency.database.read() as c:
        return load(detector_states.of_campaign(c, agency.campaign.id))


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
    close_periods(agency.database, VAULT, DETECTOR, agency.close_at(0))
    before = published(agency)
    assert isinstance(before[0].cells[agency.root], Released)
    read_anew(agency)
    assert close_periods(agency.database, VAULT, DETECTOR, agency.close_at(0)) == 0
    assert published(agency) == before
    with agency.database.read() as c:
        assert c.scalar(select(func.count()).select_from(alerts)) == 0
        kinds = set(c.scalars(select(deliveries.c.kind)))
    assert kinds == {"pulse"}


def test_a_period_is_published_from_the_new_scores_when_it_closes_after(agency: Agency) -> None:
    read_anew(agency)
    close_periods(agency.database, VAULT, DETECTOR, agency.close_at(0))
    assert carried(agency).kept.middle > 0.8


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
    close_periods(agency.database, VAULT, DETECTOR, agency.close_at(0))
    before = carried(agency)
    read_anew(agency)
    after = carried(agency)
    assert (after.names, after.team_ids) == (before.names, before.team_ids)
    assert after.kept.weeks == before.kept.weeks == 4
    assert after.kept.middle > 0.8 > 0.2 > before.kept.middle
    assert after.kept.people[:, :, :, 0].tolist() == before.kept.people[:, :, :, 0].tolist()


class Interrupted:
    """A detector that hears of all texts read anew while it thinks about a close."""

    confusion = Confusion()

    def __init__(self, agency: Agency) -> None:
        self.agency, self.done = agency, False

    def judge(self, kept: Kept, team: Ints, n_teams: int) -> list[Judgement | None]:
        if not self.done and kept.weeks == 6:
            self.done = True
            read_anew(self.agency)
        return DETECTOR.judge(kept, team, n_teams)


def test_a_close_looks_again_when_all_texts_were_read_anew_meanwhile(
    database: Database, agency: Agency, now: datetime
) -> None:
    close_periods(database, VAULT, DETECTOR, agency.close_at(0))
    agency.pulse(now + timedelta(weeks=4, days=1), everybody((None, 0.1)))
    keep_words(agency)
    detector = Interrupted(agency)
    assert close_periods(database, VAULT, detector, agency.close_at(1)) == 1
    assert detector.done
    kept = carried(agency).kept
    assert kept.weeks == 8
    assert kept.answers[0, 1] / kept.answers[0, 0] > 0.8
