"""A catalogue that names what is not there, is past, or is for nobody, is found out."""

from collections.abc import Iterator

import pytest

from campaigns.domain.definition import Definition
from tests.campaigns.domain.drafts import only, remarks
from tests.learning import catalogue, sure, training


def cases() -> Iterator[tuple[Definition, str]]:
    at = "campaign.trainings[1]"
    nobody = f"warning {at}: nobody could be offered this: "
    yield (
        catalogue(training("course", competences=["dta"])),
        f'error {at}.competences[1]: there is no competence "dta"; did you mean "data"?',
    )
    yield (
        catalogue(
            training("course"), questions=[sure("of-data", "data"), sure("of-forms", "form")]
        ),
        (
            'error campaign.questions[2].competence: there is no competence "form"; did you '
            'mean "forms"?'
        ),
    )
    yield (
        catalogue(training("course", "highly_specialised")),
        nobody + "nobody it is for needs the level highly_specialised in what pulses ask about",
    )
    yield (
        catalogue(training("course", "advanced", roles=["Driver"])),
        nobody + "nobody it is for needs the level advanced in what pulses ask about",
    )
    yield (
        catalogue(training("course", languages=["de"])),
        nobody + "the campaign has none of its languages (de)",
    )
    yield (
        catalogue(training("course", dates=["2027-01-10"])),
        f"warning {at}.dates[1]: this day is in the past",
    )
    yield (
        catalogue(training("course", text=None)),
        f"warning {at}: neither a link nor a text says how to enrol",
    )
    yield (
        catalogue(training("course", title={"de": "Kurs"})),
        f"error {at}.title: there is no text in en, the campaign's first language",
    )
    yield (
        catalogue(training("course"), rules=[]),
        (
            "warning campaign.trainings: nobody is offered these: no rule sends a follow-up of "
            "purpose training that has neither a link nor an invite"
        ),
    )
    silent = {"key": "quiet", "when": {"silence_pulses": 2}, "send": "course"}
    yield (
        catalogue(training("course"), rules=[silent]),
        (
            "error campaign.rules[1].send: who is silent is offered no training of the catalogue: "
            "give the follow-up a link or an invite of its own, or send another"
        ),
    )


@pytest.mark.parametrize(("content", "expected"), list(cases()))
def test_check_says_what_is_wrong_with_a_catalogue(content: Definition, expected: str) -> None:
    assert expected in remarks(content)


def test_check_finds_nothing_wrong_when_a_catalogue_fits() -> None:
    assert remarks(catalogue(training("course", dates=["2027-05-04"]))) == []


def test_check_says_that_a_gap_is_never_found_when_no_pulse_asks() -> None:
    ready = {"key": "of-data", "kind": "scale", "prompt": "Ready?"}
    other = ready | {"key": "of-forms"}
    content = catalogue(questions=[ready, other], competences=[])
    assert only(content) == (
        "warning campaign.rules[1].when.gap: this rule never fires: no pulse asks a question "
        "about a competence"
    )


def test_check_names_roles_that_nobody_in_the_audience_has() -> None:
    content = catalogue(training("course", roles=["Clark"]))
    nobody = "nobody in the audience has the role"
    where = "campaign.competences[1].wanted[2].roles[2]"
    assert remarks(content, roles={"clerk", "driver"}) == [
        f'warning {where}: {nobody} "Caseworker"; expected one of clerk, driver',
        f'warning campaign.trainings[1].roles[1]: {nobody} "Clark"; did you mean "clerk"?',
    ]
