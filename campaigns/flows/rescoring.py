"""All kept texts are read again by another version of the model, and then change over at once.

Until the last one is read, every figure is made of the old scores. Nobody hears anything because of
a new score: no follow-up, no help, no alert. And nothing that was published moves: a text counts
when and if it counted at first. The model runs with no transaction open, and whoever is stopped
goes on where the rows end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from campaigns.flows.closing import rebuilt
from campaigns.flows.detecting import Detector
from campaigns.flows.feeding import dump
from campaigns.flows.scoring import Scorer, judge, open_words, prompt
from campaigns.storage import answers, detector_states, pseudonyms, rescores
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault
from sentiment.labels import Score, Status

BATCH = 64  # about 10 s on two cores: as much is read once more when a run is stopped
ENOUGH_TO_TELL = 10  # a share of fewer texts would be somebody's


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to read: kept texts by the version of their score, and how far this one is."""

    versions: Mapping[str, int]
    n_read: int
    n_unread: int


@dataclass(frozen=True, slots=True)
class Rescored:
    """How many scores are new, and which share of these has another stance; None of too few.

    `n_kept` old ones stay, because the text could not be opened or the model not judge it.
    """

    n_new: int
    n_kept: int
    share_changed: float | None


def survey(database: Database, model: str) -> Survey:
    """How things stand for this version of the model; nothing is changed."""
    with database.read() as c:
        return Survey(rescores.versions(c), rescores.n_read(c, model), rescores.n_unread(c, model))


def rescore(
    database: Database,
    vault: Vault,
    scorer: Scorer,
    detector: Detector,
    advance: Callable[[int], None],
) -> Rescored:
    """Every kept text has its score from this model; `advance` hears how many more were read.

    Texts that are scored by another version in the meantime are read as well. Beside a second run
    of the same version, one of the two puts all scores in place and the other finds nothing to do.
    """
    model = scorer.model_version
    while True:
        _read(database, vault, scorer, advance)
        with database.write() as c:
            campaigns_store.hold(c, [one.id for one in campaigns_store.all_launched(c)])
            if rescores.n_unread(c, model):
                continue
            swap = rescores.swap(c, model)
            if swap.n_new:
                _measure_again(c, vault, detector)
        share = swap.n_changed / swap.n_new if swap.n_new >= ENOUGH_TO_TELL else None
        return Rescored(swap.n_new, swap.n_kept, share)


def _read(database: Database, vault: Vault, scorer: Scorer, advance: Callable[[int], None]) -> None:
    """Each text has a score to come; one of status error where it can't be opened or judged."""
    failed = Score.unscored(Status.ERROR, scorer.model_version)
    after_id = 0
    while True:
        with database.read() as c:
            batch = answers.to_read_again(c, scorer.model_version, after_id, BATCH)
            prompts = {answer.id: prompt(c, answer) for answer in batch}
        if not batch:
            return
        pairs, _ = open_words(vault, batch, prompts)
        read = judge(scorer, pairs)
        with database.write() as c:
            rescores.put(c, {answer.id: read.get(answer.id, failed) for answer in batch})
        after_id = batch[-1].id
        advance(len(batch))


def _measure_again(c: Connection, vault: Vault, detector: Detector) -> None:
    """What is carried from close to close is by the new measure too: made anew, week by week.

    The long part of the one transaction. On SQLite everybody else who writes waits for it; on
    PostgreSQL only a close and the erasing do.
    """
    for launched in campaigns_store.all_launched(c):
        carried = detector_states.of_campaign(c, launched.id)
        name = pseudonyms.namer(c, vault, launched.initiative_id)
        if carried.weeks and name is not None:
            crowd = rebuilt(c, launched, carried.weeks, name, detector)
            anew = replace(dump(crowd), teams=carried.teams)
            detector_states.replace(c, launched.id, anew)
