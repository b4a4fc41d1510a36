"""Answers from a file, lived through again: simulated time moves, messages go out, people press.

A replay goes the way of every real answer: the person's chat is read, the question that stands
there is answered by a press, and the flows do the rest. It has no door of its own.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clocks import SimulatedClock
from bot.conversation import Conversation
from campaigns.domain.messages import Action, Choices, Event, Message, Scale, Tap, TextBox
from campaigns.engine.work import Work
from campaigns.storage import directory, mailbox
from campaigns.storage.database import Database

PATIENCE = timedelta(days=6)  # a row whose question never stands in the chat is left out
STEP = timedelta(hours=4)  # of simulated time between two looks at what is due
RECENT = 6  # messages of a person's chat that are looked through for an open question


@dataclass(frozen=True, slots=True)
class Row:
    """What one person answers, not before `at`: question key → point, option or words."""

    person: str
    at: datetime
    answers: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is; `left_out` rows found no open question."""

    now: datetime
    played: int
    left_out: int
    waiting: int


def standing_question(message: Message) -> Scale | Choices | TextBox | None:
    """The question that a message asks just now, if any."""
    for part in message.parts:
        if isinstance(part, Scale | Choices):
            return part
        if isinstance(part, TextBox) and part.tap.action is Action.WRITE:
            return part
    return None


def press(question: Scale | Choices | TextBox, answers: Mapping[str, str | int]) -> Tap:
    """The press that gives this question's answer, or skips it where there is none."""
    if question.question not in answers:
        return Tap(Action.SKIP, question.question)
    if isinstance(question, TextBox):
        return question.tap
    return Tap(Action.ANSWER, question.question, str(answers[question.question]))


class Replay:
    """Rows waiting for their moment, and the people who press for them."""

    def __init__(
        self, database: Database, work: Work, conversation: Conversation, clock: SimulatedClock
    ) -> None:
        self.database, self.work = database, work
        self.conversation, self.clock = conversation, clock
        self._order = itertools.count()
        self._waiting: list[tuple[datetime, int, datetime, Row]] = []
        self._counts: Counter[str] = Counter()
        with database.read() as connection:
            self._people = {one.external_id: one.id for one in directory.everyone(connection)}

    def run(
        self, rows: Iterable[Row], until: datetime, pace: Callable[[Progress], None]
    ) -> Progress:
        """Everything up to `until` has happened; `pace` is told after each step and may wait."""
        for row in rows:
            heapq.heappush(self._waiting, (row.at, next(self._order), row.at + PATIENCE, row))
        while (now := self.clock.now()) < until:
            self._step(now)
            pace(self._progress())
            self.clock.move_to(min(until, now + STEP))
        self._step(until)
        return self._progress()

    def _progress(self) -> Progress:
        return Progress(
            self.clock.now(), self._counts["played"], self._counts["left out"], len(self._waiting)
        )

    def _step(self, now: datetime) -> None:
        self.work.plan()
        self._until_idle(self.work.deliver)
        while self._waiting and self._waiting[0][0] <= now:
            _, order, patience, row = heapq.heappop(self._waiting)
            if self._play(row):
                self._counts["played"] += 1
            elif now + STEP > patience or row.person not in self._people:
                self._counts["left out"] += 1
            else:  # The message is not there yet: look again at the next step.
                heapq.heappush(self._waiting, (now + STEP, order, patience, row))
        self._until_idle(self.work.score)
        self.work.notice()
        self.work.watch()
        self._until_idle(self.work.deliver)

    @staticmethod
    def _until_idle(job: Callable[[], int]) -> None:
        while job():
            pass

    def _play(self, row: Row) -> bool:
        person_id = self._people.get(row.person)
        if person_id is None:
            return False
        with self.database.read() as connection:
            thread = mailbox.thread(connection, person_id, RECENT)
        return any(self._answer(person_id, posted.message, row) for posted in reversed(thread))

    def _answer(self, person_id: int, message: Message, row: Row) -> bool:
        """Press through the message's questions until the row's answers are given."""
        left = set(row.answers)
        question = standing_question(message)
        given = False
        while question is not None and left:
            tap = press(question, row.answers)
            text = row.answers.get(question.question) if isinstance(question, TextBox) else None
            outcome = self.conversation.handle(
                Event(person_id, message.key, tap, None if text is None else str(text))
            )
            given = given or question.question in left
            left.discard(question.question)
            if outcome.message is None:
                break
            following = standing_question(outcome.message)
            if following is not None and following.question == question.question:
                break  # It was not taken: never press the same twice.
            question = following
        return given
