"""The product's detector, week by week, does what its table promises; on few organisations."""

import numpy as np
import pytest

from bench import detection
from bench.orgsim import Org, simulate

SEEDS = range(12100, 12104)


@pytest.fixture(scope="module")
def steps() -> list[Org]:
    return [simulate("step", seed) for seed in SEEDS]


def test_detector_finds_more_and_is_wrong_less_than_a_plain_threshold(
    steps: list[Org],
) -> None:
    here = detection.figures(steps, detection.scores, detection.THRESHOLD)
    plain = detection.figures(steps, detection.naive_scores, detection.NAIVE_THRESHOLD)
    assert here["DR6"] > plain["DR6"]
    assert here["precision"] > plain["precision"]
    assert here["FA"] < 0.15


def test_detector_is_righter_where_watched_teams_are_asked_more() -> None:
    orgs = [simulate("high", seed, n_teams=80) for seed in SEEDS]
    opened = detection.figures(orgs, detection.scores, detection.THRESHOLD)
    closed = detection.figures(orgs, detection.closed_scores, detection.THRESHOLD)
    assert closed["precision"] > opened["precision"]
    assert closed["FA"] < opened["FA"]


def test_score_path_is_the_same_for_people_in_another_order() -> None:
    org = simulate("step", 12100, n_teams=40)
    path = detection.scores(org)
    order = np.random.default_rng(1).permutation(len(org.person_team))
    org.person_team, org.asked, org.x = org.person_team[order], org.asked[order], org.x[order]
    assert np.allclose(detection.scores(org), path, atol=1e-9)


def test_a_shock_to_everybody_flags_hardly_anybody() -> None:
    orgs = [simulate("shock", seed) for seed in SEEDS]
    here = detection.figures(orgs, detection.scores, detection.THRESHOLD)
    plain = detection.figures(orgs, detection.naive_scores, detection.NAIVE_THRESHOLD)
    assert here["FA"] < 0.2 < plain["FA"]


def test_a_hole_of_six_weeks_alarms_nobody() -> None:
    org = simulate("null", 93003, n_teams=100)
    org.asked[:, 10:16], org.x[:, 10:16] = False, np.nan
    alarmed = detection.scores(org) >= detection.THRESHOLD
    assert not (alarmed[:, 10:16].any(axis=1) & ~alarmed[:, :10].any(axis=1)).any()


def test_table_names_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    detection.table(range(12100, 12101), n_teams=60)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + sum(len(wanted) for _, _, wanted in detection.ROWS)
    assert all("nan" not in line for line in lines)
