"""The next step is offered where somebody lacks most, by answers, role, language and seats."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.definition import Option, Question
from campaigns.domain.offers import Gap, Offer, choose, full, gaps, rank
from tests.learning import catalogue, training
from tests.people import clerk

TODAY = date(2027, 1, 11)


def chosen(*trainings: dict[str, Any], said: dict[str, Any], **more: Any) -> str | None:
    person = clerk("P1", 1, **more.pop("person", {"role": "Caseworker"}))
    facts: dict[str, Any] = {"full": (), "had": ()} | more
    offer = choose(catalogue(*trainings), person, said, facts["full"], facts["had"], TODAY)
    return offer.training if offer else None


@pytest.mark.parametrize(
    ("points", "levels"),
    [(5, [0, 1, 2, 3, 4]), (4, [0, 1, 2, 4]), (2, [0, 4]), (9, [0, 0, 1, 1, 2, 2, 3, 3, 4])],
)
def test_rank_spreads_a_scale_evenly_when_it_has_so_many_points(
    points: int, levels: list[int]
) -> None:
    question = Question(key="q", kind="scale", prompt={"": "?"}, points=points, competence="c")
    assert [rank(question, point) for point in range(1, points + 1)] == levels
    assert rank(question, None) is None


def test_rank_follows_the_options_when_it_is_a_choice() -> None:
    options = (
        Option.model_validate({"key": "alone", "label": "Alone", "level": "intermediate"}),
        Option.model_validate({"key": "unsure", "label": "I can't say"}),
    )
    question = Question(key="q", kind="choice", prompt={"": "?"}, options=options, competence="c")
    assert [rank(question, key) for key in ("alone", "unsure", "gone")] == [2, None, None]


def test_gaps_are_measured_against_the_role_when_it_is_named() -> None:
    content = catalogue()
    said = {"of-data": 2, "of-forms": 1}
    assert gaps(content, "caseworker", said) == [Gap("data", 1, 3), Gap("forms", 0, 2)]
    assert gaps(content, "Driver", said) == [Gap("forms", 0, 2)]
    assert gaps(content, "Clerk", {"of-data": 4}) == []


def test_choose_takes_the_smallest_step_when_several_trainings_lead_on() -> None:
    steps = [training("far", "advanced"), training("near", "intermediate"), training("behind")]
    assert chosen(*steps, said={"of-data": 2}) == "near"
    assert chosen(*steps, said={"of-data": 2}, had=["near"]) == "far"
    assert chosen(*steps, said={"of-data": 2}, had=["near", "far"]) is None


def test_choose_takes_the_widest_gap_first_when_there_are_two() -> None:
    both = [training("forms", competences=["forms"]), training("data")]
    assert chosen(*both, said={"of-data": 1, "of-forms": 1}) == "data"
    assert chosen(*both, said={"of-data": 3, "of-forms": 1}) == "forms"


def test_choose_goes_by_role_language_and_days_when_trainings_name_them() -> None:
    assert chosen(training("drivers", roles=["Driver"]), said={"of-data": 1}) is None
    made_for = [training("all"), training("ours", roles=["caseworker"])]
    assert chosen(*made_for, said={"of-data": 1}) == "ours"
    german = training("deutsch", languages=["de"])
    assert chosen(german, said={"of-data": 1}) is None
    speaks = {"role": "Clerk", "language": "de-AT"}
    assert chosen(german, said={"of-data": 1}, person=speaks) == "deutsch"
    assert chosen(training("over", dates=["2027-01-11"]), said={"of-data": 1}) is None
    assert chosen(training("soon", dates=["2027-01-12"]), said={"of-data": 1}) == "soon"


def test_choose_offers_one_without_a_seat_only_when_nothing_else_fits() -> None:
    two = [training("first"), training("second", "intermediate")]
    assert chosen(*two, said={"of-data": 1}, full=["first"]) == "second"
    assert chosen(*two, said={"of-data": 1}, full=["first", "second"]) == "first"


def test_full_counts_seats_where_a_training_has_some() -> None:
    content = catalogue(training("small", seats=2), training("open"))
    assert full(content, {"small": 1, "open": 900}) == set()
    assert full(content, {"small": 2}) == {"small"}


@given(st.dictionaries(st.sampled_from(["of-data", "of-forms"]), st.integers(1, 5)))
def test_choose_leads_up_and_never_past_what_is_wanted_whatever_was_said(
    said: dict[str, int],
) -> None:
    levels = ["foundation", "intermediate", "advanced", "highly_specialised"]
    content = catalogue(*[training(f"step-{n}", level) for n, level in enumerate(levels)])
    offer = choose(content, clerk("P1", 1, role="Clerk"), said, (), (), TODAY)
    below = said.get("of-data", 5) - 1
    assert offer == (Offer(f"step-{below}", "data") if below < 3 else None)
