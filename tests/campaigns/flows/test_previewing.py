"""Before the launch an author knows whom a campaign reaches, how often, and in what words."""

import contextlib
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from campaigns.domain.agenda import Planned, agenda, busiest_week
from campaigns.domain.definition import Definition
from campaigns.domain.lanes import Lane
from campaigns.domain.reading import read, read_placed
from campaigns.errors import DefinitionError
from campaigns.flows.enrolling import import_people
from campaigns.flows.previewing import Reach, preview, render
from campaigns.storage.database import Database
from campaigns.storage.tables import people
from tests.campaigns.domain.test_reading import GOOD
from tests.golden import compare
from tests.scene import Scene, definition
from tests.sending import campaign, pulse, reminder, staff, vision

DEMO = Path(__file__).parents[3] / "bot" / "demo"
LAUNCH = datetime(2027, 1, 11, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def example() -> Definition:
    return read((DEMO / "campaign.yaml").read_bytes(), "campaign.yaml")


def test_preview_estimates_the_example_campaign(
    sqlite_database: Database, example: Definition
) -> None:
    staff = (DEMO / "staff.csv").read_bytes()
    import_people(sqlite_database, staff, dry_run=False, skip_bad=False)
    found = preview(sqlite_database, example, LAUNCH)
    unproven, untranslated = found.problems
    assert str(unproven).startswith("campaign.rules: with 397 people")
    assert str(untranslated).startswith("campaign.languages: some of the audience read pl, tr")
    # All but the director; the 24 who read Polish or Turkish get English.
    # The first message is due at once; some do not work on the day of the launch.
    last = datetime(2027, 1, 12, 11, 0, tzinfo=UTC)
    assert found.reach == Reach(n_people=397, n_teams=37, n_default=24, first=(LAUNCH, last))
    assert (found.n_planned, found.n_reminders) == (16, 13)
    assert (found.busiest_from, found.n_busiest) == (date(2027, 1, 11), 3)
    assert len(found.messages) > 60


def test_preview_counts_only_those_whose_turn_it_is(
    sqlite_database: Database, now: datetime
) -> None:
    asks = pulse(cron="0 9 * * 1", times=9) | {"ask": {"one_in": 3}}
    content = campaign(asks, reminder(), vision(), limits={"messages_per_week": 1})
    alone = preview(None, content, now)
    assert (alone.n_least, alone.n_planned, alone.n_reminders) == (4, 10, 9)
    staff(sqlite_database, 16)
    large = preview(sqlite_database, content, now)
    assert large.reach is not None
    assert large.reach.asked == (("pulse", 6),)
    assert (large.n_least, large.n_planned, large.n_reminders) == (4, 4, 3)
    staff(sqlite_database, 9, start=17, team="Small")
    mixed = preview(sqlite_database, content, now)
    assert mixed.reach is not None
    assert mixed.reach.asked == (("pulse", 6 + 9),)
    assert (mixed.n_least, mixed.n_planned, mixed.n_reminders) == (4, 10, 9)


def test_preview_sends_a_first_pulse_to_those_whom_it_asks(
    sqlite_database: Database, now: datetime
) -> None:
    staff(sqlite_database, 900)
    with sqlite_database.write() as c:
        c.execute(update(people).values(slack_id=people.c.external_id))
    ends = []
    for one_in in (1, 3):
        content = campaign(pulse() | {"ask": {"one_in": one_in}})
        found = preview(sqlite_database, content, now, lane=Lane("slack", 60))
        assert found.reach is not None
        assert found.reach.first is not None
        ends.append(found.reach.first[1] - found.reach.first[0])
    assert ends[0] > 2 * ends[1]


def test_preview_counts_only_whom_the_audience_holds(database: Database, now: datetime) -> None:
    scene = Scene(database, now)
    scene.person("P1", role="clerk")
    scene.person("P2", role="clerk", language="pl")
    scene.person("P3", role="inspector")
    scene.person("P4", role="clerk", active=False)
    found = preview(database, definition(audience={"roles": ["clerk"]}), now)
    assert found.reach == Reach(n_people=2, n_teams=1, n_default=1, first=(now, now))
    assert [one.severity for one in found.warnings] == ["warning"] * len(found.problems)
    assert "smaller than 5" in str(found.warnings[0])


def test_preview_refuses_teams_and_audiences_that_are_not_there(
    database: Database, now: datetime
) -> None:
    Scene(database, now).person("P1")
    found = preview(database, definition(audience={"teams": ["Permit"]}), now)
    assert [str(one) for one in found.errors] == [
        'campaign.audience.teams[1]: there is no team "Permit"; did you mean "Permits"?',
        "campaign.audience: nobody in the staff directory belongs to this audience",
    ]
    assert found.messages == ()


def test_preview_works_without_staff_and_without_a_database(
    sqlite_database: Database, now: datetime
) -> None:
    for database in (sqlite_database, None):
        found = preview(database, definition(), now)
        assert found.reach is None
        assert found.errors == ()
        assert found.messages


def test_preview_names_places_where_the_file_is_known() -> None:
    text = (DEMO / "campaign.yaml").read_text(encoding="utf-8")
    content, places = read_placed(text.replace("send: training", "send: trainning"), "x")
    (problem,) = preview(None, content, LAUNCH, places).errors
    assert problem.place.startswith("line ")
    assert problem.place.endswith("(campaign.rules[lacks-knowledge].send)")


def test_render_shows_every_touchpoint_and_question_in_every_language(example: Definition) -> None:
    messages = list(render(example))
    for language in example.campaign.languages:
        shown = {(one.touchpoint, one.step) for one in messages if one.language == language}
        assert {key for key, _ in shown} == {one.key for one in example.campaign.touchpoints} | {""}
        steps = {step for key, step in shown if key == "pulse"}
        questions = {"clear", "ready", "obstacle", "comment"}
        rest = {"after not now", "further down", "thanks", "closed", "closed half way"}
        assert steps == questions | rest
        assert ("champion", "after yes") in shown
        assert ("", "help") in shown
    by_step = {(one.step, one.language): one.message for one in messages if one.step}
    for question in example.campaign.questions:
        for language, prompt in question.prompt.items():
            assert prompt in by_step[question.key, language].fallback_text
    assert "You skipped" not in by_step["thanks", "en"].fallback_text


def test_agenda_is_in_order_and_has_reminders_behind_their_pulse(example: Definition) -> None:
    planned = agenda(example, LAUNCH.date())
    assert planned == sorted(planned, key=lambda one: one.at)
    assert [(one.touchpoint, str(one.at)) for one in planned[:4]] == [
        ("why-now", "2027-01-11 09:30:00"),
        ("pulse", "2027-01-12 10:00:00"),
        ("pulse-reminder", "2027-01-14 10:00:00"),
        ("pulse", "2027-01-19 10:00:00"),
    ]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_messages_read_as_in_the_golden_file(example: Definition, language: str) -> None:
    """Whoever changes a word sees what people will read; UPDATE_GOLDEN=1 writes the files anew."""
    shown = [one for one in render(example) if one.language == language]
    text = "".join(
        f"=== {' '.join(filter(None, (one.touchpoint, one.step)))}\n\n"
        f"{one.message.fallback_text}\n\n"
        for one in shown
    )
    compare(Path(__file__).parent / "golden" / f"messages_{language}.txt", text)


VALUES = (
    *("0", "1", "5", "99", "x", "ready", "why", "pulse", "hello", "course", "scale", "choice"),
    *("text", "vision", "[]", "{}", "null", '""', "true", "[ready]", "{en: x}", "[en, fr]"),
    *('"0 0 29 2 *"', '"*/5 * * * *"', "2199-12-31", "2000-01-01", "730"),
    *('{at: "2199-12-31 23:59"}', '{at: "2000-01-01 00:00+14:00"}', "{days_after_launch: 730}"),
    '{cron: "0 9 * * *", first_on: 2199-12-31}',
    '{cron: "0 9 L * *", first_on: 2000-01-01, until: 2199-12-31}',
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(VALUES)), min_size=1, max_size=3))
def test_preview_answers_whatever_can_be_read(changes: list[tuple[int, str]]) -> None:
    source = GOOD
    for number, value in changes:
        values = list(re.finditer(r"(?<=: )[^,}\n]+", source))
        found = values[number % len(values)]
        source = source[: found.start()] + value + source[found.end() :]
    with contextlib.suppress(DefinitionError):
        content, places = read_placed(source, "campaign.yaml")
        found_out = preview(None, content, LAUNCH, places)
        assert bool(found_out.errors) != bool(found_out.messages)


def test_busiest_week_counts_seven_days_and_no_more() -> None:
    days = [datetime(2027, 3, day, 9) for day in (1, 8, 9, 15)]  # noqa: DTZ001
    planned = [Planned("x", "vision", day) for day in days]
    assert busiest_week(planned) == (date(2027, 3, 8), 2)
    assert busiest_week([]) == (date.min, 0)


def test_preview_refuses_owners_who_are_not_there(database: Database, now: datetime) -> None:
    assert preview(None, definition(owners=["P9"]), now).errors == ()
    scene = Scene(database, now)
    scene.person("P1")
    scene.person("P2", active=False)
    found = preview(database, definition(owners=["P1", "P2", "P9"]), now)
    assert [one.message.partition(";")[0] for one in found.errors] == [
        'nobody who works here has the id "P2"',
        'nobody who works here has the id "P9"',
    ]
    assert preview(database, definition(owners=["P1"]), now).errors == ()


def test_preview_warns_of_what_another_running_campaign_sends_on_the_same_day(
    sqlite_database: Database, now: datetime
) -> None:
    scene = Scene(sqlite_database, now)
    scene.person("P1")
    again = preview(sqlite_database, scene.campaign.definition, now)
    other = preview(sqlite_database, definition(key="second"), now)
    clash = 'the campaign "portal-2027" writes on the same day'
    assert not [one for one in again.warnings if clash in str(one)]
    assert len([one for one in other.warnings if clash in str(one)]) == 2  # the vision, the pulse


def test_preview_warns_of_a_public_holiday_of_the_audience(
    sqlite_database: Database, now: datetime
) -> None:
    scene = Scene(sqlite_database, now)
    scene.person("P1", holidays="DE")
    good_friday = {"at": "2027-03-26 09:00"}
    vision = {"kind": "vision", "key": "v", "when": good_friday, "title": "Hi", "text": "Why"}
    content = definition(key="second", touchpoints=[vision], rules=[], questions=[])
    found = preview(sqlite_database, content, LAUNCH)
    assert [one for one in found.warnings if "a public holiday in DE" in str(one)]
