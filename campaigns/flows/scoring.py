"""Texts that wait are read by the model, and what follows is decided with the score.

The model runs with no transaction open. A text's score, the decision and its sending are one
transaction, so there is never a score without its follow-up, nor one twice. What a person wrote
exists in clear only between the vault and the model: it must never reach a log, an error or a row,
which is why even the model's own exceptions end here.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from sqlalchemy import Connection

from campaigns.domain.definition import pick
from campaigns.domain.followup import Behind, Decision, asks_for_trend, decide
from campaigns.domain.offers import empty
from campaigns.domain.outbox import Kind
from campaigns.domain.people import Person
from campaigns.flows import offering
from campaigns.flows.choosing import CHANCE, Occasion, carry_out
from campaigns.storage import answers, campaigns, courses, decisions, directory, outbox
from campaigns.storage.answers import WaitingAnswer
from campaigns.storage.campaigns import Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import NewDelivery
from campaigns.storage.vault import Vault
from sentiment.course import Trend, trend
from sentiment.labels import Score, Status
from sentiment.resistance import value

LEASE = timedelta(minutes=5)  # a batch of 64 takes about 10 s on two cores
RETRY = timedelta(minutes=1)
# A missing key is the operator's to put back, and no fault of a text: it is never given up.
RETRY_LOCKED = timedelta(hours=1)
MAX_ATTEMPTS = 3

_log = logging.getLogger(__name__)


class Scorer(Protocol):
    """Reads answers: (question, answer) pairs in, one score each out, in the same order."""

    @property
    def model_version(self) -> str:
        """The name under which scores are kept."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        """One score for each pair; what can't be judged has a status that says why."""


def score_pending(
    database: Database,
    vault: Vault,
    scorer: Scorer,
    now: datetime,
    limit: int = 64,
    chance: Random = CHANCE,
) -> int:
    """Up to `limit` waiting texts have their score and what follows from it; how many.

    A text that the model fails on takes no other with it: it is tried again later, alone, and is
    `unscored: error` after three times.
    """
    with database.write() as connection:
        claimed = answers.claim(connection, now, now + LEASE, limit)
        prompts = {answer.id: prompt(connection, answer) for answer in claimed}
    if not claimed:
        return 0
    pairs, locked = open_words(vault, claimed, prompts)
    scores = judge(scorer, pairs)
    given_up = Score.unscored(Status.ERROR, scorer.model_version)
    for answer in claimed:
        if answer.attempts >= MAX_ATTEMPTS and answer.id not in locked:
            scores.setdefault(answer.id, given_up)
    failed = [one.id for one in claimed if one.id not in scores and one.id not in locked]
    with database.write() as connection:
        answers.give_back(connection, locked, now + RETRY_LOCKED, counted=False)
        answers.give_back(connection, failed, now + RETRY)
        settled = [(one, scores[one.id]) for one in claimed if one.id in scores]
        return _settle(connection, settled, now, chance)


def prompt(connection: Connection, answer: WaitingAnswer) -> str:
    """The question in the campaign's first language, whatever language the person reads."""
    delivery = outbox.by_id(connection, answer.delivery_id)
    if delivery.version_id is None:
        return ""
    definition = campaigns.definition(connection, delivery.version_id)
    language = definition.default_language
    return pick(definition.question(answer.question).prompt, language, language)


def open_words(
    vault: Vault, claimed: Sequence[WaitingAnswer], prompts: Mapping[int, str]
) -> tuple[dict[int, tuple[str, str]], list[int]]:
    """What the model is to read, by answer; and the answers that no key opens.

    One that was tried three times and is still there took its reader down: it isn't read again.
    """
    pairs: dict[int, tuple[str, str]] = {}
    locked: list[int] = []
    for answer in claimed:
        words = vault.read(answer.words)
        if words is None:
            locked.append(answer.id)
        elif answer.attempts <= MAX_ATTEMPTS:
            pairs[answer.id] = (prompts[answer.id], words)
    if locked:
        _log.error("No key in BELLWETHER_DATA_KEYS opens answers %s", locked)
    return pairs, locked


def judge(scorer: Scorer, pairs: Mapping[int, tuple[str, str]]) -> dict[int, Score]:
    """What the model says to all at once; where it fails, to each alone."""
    if not pairs:
        return {}
    try:
        return dict(zip(pairs, scorer.score(list(pairs.values())), strict=True))
    except Exception as error:  # the edge to the model, whose errors can carry what it read
        _log.error("Answers %s were not scored: %s", sorted(pairs), type(error).__name__)
    if len(pairs) == 1:
        return {}
    alone = [judge(scorer, {answer_id: pair}) for answer_id, pair in pairs.items()]
    return {answer_id: score for scores in alone for answer_id, score in scores.items()}


def _settle(
    connection: Connection,
    scored: Sequence[tuple[WaitingAnswer, Score]],
    now: datetime,
    chance: Random,
) -> int:
    """Scores, decisions and sendings in the caller's one transaction; how many scores were new."""
    people = {answer.person_id for answer, _ in scored}
    decisions.hold(connection, people)
    known = directory.people(connection, people)
    n_new = 0
    for answer, score in scored:
        if answers.settle(connection, answer.id, score, now):
            n_new += 1
            _follow_up(connection, known[answer.person_id], answer, score, now, chance)
    return n_new


def _follow_up(
    connection: Connection,
    person: Person,
    answer: WaitingAnswer,
    score: Score,
    now: datetime,
    chance: Random,
) -> None:
    """The rules of the campaign as it is now decide, not those of when the question was asked."""
    campaign = campaigns.by_id(connection, answer.campaign_id)
    past = decisions.past(connection, campaign.id, [person.id])[person.id]
    behind = Behind(past, fewer=person.per_week is not None)
    offer = offering.best(connection, campaign, person.id, now)
    trend = _trend(connection, campaign, answer, now)
    decision = decide(
        campaign.definition, score, behind, now, trend, empty(campaign.definition, offer)
    )
    if decision is None:
        return
    if decision.kind is Kind.HELP:
        outbox.put(connection, [_help(campaign, answer, decision)])
    elif campaign.state != campaigns.STOPPED:
        run_id = outbox.by_id(connection, answer.delivery_id).run_id
        whose = (f"follow-up:{answer.id}", person.id, person.team_id, run_id)
        occasion = Occasion(*whose, decision, answer.id, score.model, offer)
        carry_out(connection, campaign, [occasion], now, chance)


def _trend(
    connection: Connection, campaign: Launched, answer: WaitingAnswer, now: datetime
) -> Trend | None:
    """How this pulse lies to the person's own earlier ones; asked only where a rule wants it."""
    if not asks_for_trend(campaign.definition):
        return None
    steps = courses.of_people(connection, campaign.id, [answer.person_id], now)[answer.person_id]
    *earlier, latest = [(one.delivery_id, value(one.evidence)) for one in steps] or [(0, 0.0)]
    if latest[0] != answer.delivery_id:  # said late, after a younger pulse: no news of today
        return None
    return trend([number for _, number in earlier], latest[1])


def _help(campaign: Launched, answer: WaitingAnswer, decision: Decision) -> NewDelivery:
    return NewDelivery(
        once=f"help:{answer.id}",
        kind=decision.kind,
        person_id=answer.person_id,
        due_at=decision.due_at,
        campaign_id=campaign.id,
        version_id=campaign.version_id,
    )
