"""Who approves a launch reads in five lines what it would do, in their own language."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from campaigns.domain.approval_message import Summary, Waiting, summary, waiting
from campaigns.domain.messages import Actions, Facts
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import LANGUAGES
from campaigns.errors import Problem
from tests.sending import campaign, pulse, reminder, vision

ON = date(2027, 1, 11)
CONTENT = campaign(vision(), pulse(days_after_launch=7), reminder(), approval=True)


def wish(**changes: Any) -> Waiting:
    problems = [Problem("line 3", f"look at this, {n}", "warning") for n in range(7)]
    found = summary(CONTENT, 120, 9, problems, ON)
    return replace(Waiting(found, "0123", "comms team P7", True, "P8"), **changes)


def facts(one: Waiting, language: str = "en") -> dict[str, str]:
    [found] = [part for part in waiting(one, language) if isinstance(part, Facts)]
    return dict(found.facts)


def test_wish_says_who_gets_what_and_when_what_is_asked_and_what_to_look_at() -> None:
    assert facts(wish()) == {
        "Who gets it": "people: 120 · teams: 9",
        "Messages a person": "2; reminders: up to 1; follow-ups come on top",
        "If launched today": "first Monday, 11 January 2027, last Wednesday, 20 January 2027",
        "The pulses ask": "It is clear to me.",
        "Worth a look": " · ".join(
            [*(f"line 3: look at this, {n}" for n in range(5)), "and 2 more"]
        ),
    }


def test_wish_says_what_keeps_it_from_being_launched() -> None:
    found: Summary = replace(wish().summary, problems=(Problem("line 9", "is over"),))
    shown = facts(wish(summary=found))
    assert shown["Keeps it from being launched"] == "line 9: is over"
    assert "Worth a look" not in shown


def test_wish_has_a_button_for_those_who_may_approve_and_the_command_for_all() -> None:
    may, may_not = list(waiting(wish(), "en")), list(waiting(wish(may_approve=False), "en"))
    assert [part for part in may if isinstance(part, Actions)]
    assert not [part for part in may_not if isinstance(part, Actions)]
    assert "bellwether campaign approve portal --by P8" in plain_text(may_not, "en")


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_wish_is_read_in_the_readers_own_language(language: str) -> None:
    assert facts(wish(), language).keys().isdisjoint(facts(wish()))
