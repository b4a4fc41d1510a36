"""A replay presses the buttons that stand in people's chats, at the moments that the rows name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clocks import SimulatedClock
from bot.conversation import Conversation
from bot.replaying import Progress, Replay, Row
from bot.web.messenger import BrowserMessenger
from campaigns.domain.definition import Definition
from campaigns.engine.work import Work
from campaigns.flows.composing import compose
from campaigns.flows.enrolling import import_people
from campaigns.flows.planning import launch
from campaigns.storage.database import Database
from campaigns.storage.tables import answers, chat_messages, people
from campaigns.storage.vault import Vault, new_key
from sentiment.labels import Stance
from sentiment.watch import TeamDetector
from tests.fakes import FixedScorer, a_score
from tests.scene import definition

MONDAY = datetime(2027, 1, 11, 0, 0, tzinfo=UTC)
WORDS = "Never with me."
STAFF = "id,name,team,time_zone\n" + "".join(f"P{n},Member {n},Permits,UTC\n" for n in range(8))


class Play:
    """Eight people and a campaign in simulated time."""

    def __init__(self, database: Database, content: Definition) -> None:
        self.database, self.clock = database, SimulatedClock(MONDAY)
        self.progress: list[Progress] = []
        vault, now = Vault([new_key()]), self.clock.now
        messenger = BrowserMessenger(database, now)
        scorer = FixedScorer({WORDS: a_score(Stance.RESISTANT)})
        work = Work(
            database, messenger, compose, lambda: scorer, vault, TeamDetector(), now
        )  # fmt: skip
        conversation = Conversation(database, vault, messenger, now)
        import_people(database, STAFF, dry_run=False, skip_bad=False)
        launch(database, content, MONDAY)
        self.replay = Replay(database, work, conversation, self.clock)

    def run(self, *rows: Row, days: int = 8) -> Progress:
        return self.replay.run(rows, MONDAY + timedelta(days=days), self.progress.append)

    def stored(self) -> set[tuple[str, str, str, int | None]]:
        with self.database.read() as c:
            found = select(
                people.c.external_id, answers.c.question, answers.c.kind, answers.c.number
            ).join(people, people.c.id == answers.c.person_id)
            return {(row[0], row[1], row[2], row[3]) for row in c.execute(found)}


@pytest.fixture
def play(sqlite_database: Database) -> Play:
    return Play(sqlite_database, definition())


def _row(person: str, hours: float, **given: str | int) -> Row:
    return Row(person, MONDAY + timedelta(hours=hours), given)


def test_replay_presses_what_the_rows_say(play: Play) -> None:
    done = play.run(_row("P1", 12, ready=5, why=WORDS), _row("P2", 12, ready=2))
    assert (done.played, done.left_out, done.waiting) == (2, 0, 0)
    assert play.stored() == {
        ("P1", "ready", "scale", 5),
        ("P1", "why", "text", None),
        ("P2", "ready", "scale", 2),
    }


def test_replay_skips_questions_that_a_row_does_not_answer(play: Play) -> None:
    play.run(_row("P1", 12, why=WORDS))
    assert play.stored() == {("P1", "ready", "skip", None), ("P1", "why", "text", None)}


def test_replay_waits_for_the_message_when_a_row_comes_too_early(play: Play) -> None:
    assert play.run(_row("P1", 0, ready=4)).played == 1


def test_replay_leaves_out_what_is_never_asked_and_people_it_does_not_know(play: Play) -> None:
    done = play.run(_row("P1", 12, other=4), _row("X", 12, ready=4), days=9)
    assert (done.played, done.left_out, done.waiting) == (0, 2, 0)
    assert ("P1", "other", "scale", 4) not in play.stored()


def test_replay_reaches_everybody_and_tells_how_far_it_is(play: Play) -> None:
    play.run(days=2)
    assert play.clock.now() == MONDAY + timedelta(days=2)
    moments = [one.now for one in play.progress]
    assert moments == sorted(moments)
    with play.database.read() as c:
        assert len(set(c.scalars(select(chat_messages.c.person_id)))) == 8


def test_replay_leaves_no_words_in_the_database_file(play: Play, tmp_path: Path) -> None:
    play.run(_row("P1", 12, ready=5, why=WORDS))
    play.database.close()
    files = [file.read_bytes() for file in tmp_path.glob("test.db*")]
    assert files
    assert not any(WORDS.encode() in content for content in files)
