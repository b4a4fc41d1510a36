"""What staff were promised at the launch is what they go on reading, and what holds."""

from datetime import datetime, timedelta

from campaigns.domain import phrases
from campaigns.flows import planning, promising
from campaigns.storage.database import Database
from tests.scene import definition

LAUNCH = {"minimum_group": 8, "minimum_for_words": 12, "erase_after_months": 9}
RECEIPT = (
    "Results appear only for groups of 8 or more, topics from what people write only for groups "
    "of 12 or more."
)


def test_promise_is_not_weakened_by_a_later_version(database: Database, now: datetime) -> None:
    first = planning.launch(database, definition(confidentiality=LAUNCH), now)
    weaker = {"minimum_group": 5, "minimum_for_words": 10, "erase_after_months": 24}
    changed = definition(confidentiality=weaker, title="Another title")
    later = planning.launch(database, changed, now + timedelta(days=7))
    assert (first.number, later.number) == (1, 2)
    assert later.definition.campaign.confidentiality == first.definition.campaign.confidentiality
    text = phrases.confidentiality(later.definition, "en")
    assert RECEIPT in text
    assert "Answers are erased after 9 months." in text
    assert "Your words are erased 32 weeks after the end of the period they belong to" in text
    with database.read() as c:
        [(_, promise)] = promising.standing(c, now + timedelta(days=8))
    assert promise == first.definition.campaign.confidentiality


def test_stricter_promise_holds_from_then_on(database: Database, now: datetime) -> None:
    planning.launch(database, definition(confidentiality=LAUNCH), now)
    stricter = {**LAUNCH, "minimum_group": 10, "erase_after_months": 8}
    later = planning.launch(database, definition(confidentiality=stricter), now)
    assert later.definition.campaign.confidentiality.minimum_group == 10
    assert later.definition.campaign.confidentiality.erase_after_months == 8


def test_same_file_is_no_new_version_though_it_is_weaker(database: Database, now: datetime) -> None:
    planning.launch(database, definition(confidentiality=LAUNCH), now)
    weaker = definition(confidentiality={**LAUNCH, "minimum_group": 5})
    assert planning.launch(database, weaker, now).number == 1
