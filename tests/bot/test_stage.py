"""While weeks go by in seconds the pages are up, and whoever joins is one of the staff."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookiejar import CookieJar
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from rich.console import Console
from sqlalchemy import select

from bot.replaying import Row
from bot.stage import Stage, settings_for
from campaigns.flows.enrolling import import_people
from campaigns.flows.planning import launch
from campaigns.storage import directory
from campaigns.storage.tables import answers
from tests.bot.web.reading import buttons, csrf
from tests.sending import campaign, pulse, vision

BEGINS = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)
STAFF = "id,name,team,time_zone\nP1,Member One,Permits,UTC\nP2,Member Two,Permits,UTC\n"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Two people, a vision message and a pulse on the first day."""
    monkeypatch.chdir(tmp_path)
    built = Stage(settings_for("joined", 0), BEGINS)
    import_people(built.application.database, STAFF)
    launch(built.application.database, campaign(vision(), pulse()), BEGINS)
    yield built
    built.close()


class Newcomer:
    """Somebody at the keyboard, with a browser of their own."""

    def __init__(self, stage: Stage, external_id: str) -> None:
        self.page = f"{stage.address}/chat/{external_id}"
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()))
        self.pressed_at: datetime | None = None

    def read(self) -> str:
        with self.browser.open(self.page, timeout=10) as response:
            return str(response.read().decode())

    def look(self, now: datetime) -> None:
        """Presses the highest point as soon as there is a question."""
        html = self.read()
        if self.pressed_at is None and "It is clear to me." in html:
            fields = {"csrf_token": csrf(html), "token": buttons(html)["5 / 5, Strongly agree"]}
            with self.browser.open(self.page, urlencode(fields).encode(), timeout=10) as response:
                assert response.status == 200
            self.pressed_at = now


def test_newcomer_answers_in_the_midst_of_the_weeks(stage: Stage) -> None:
    newcomer = Newcomer(stage, "P1")
    ends_at = BEGINS + timedelta(days=8)
    rows = [Row("P2", BEGINS + timedelta(days=1), {"clear": 2})]
    console = Console(file=StringIO())
    played = stage.live_through(rows, ends_at, 0, console, newcomer.look)
    assert (played.played, played.left_out) == (1, 0)
    assert newcomer.pressed_at is not None
    assert BEGINS < newcomer.pressed_at < ends_at
    with stage.application.database.read() as c:
        person = directory.person_by_external_id(c, "P1")
        found = c.execute(select(answers.c.number).where(answers.c.person_id == person.id)).all()
    assert [row.number for row in found] == [5]
    thread = unescape(re.sub(r"<[^>]+>", " ", newcomer.read()))
    assert "It is clear to me." not in thread
