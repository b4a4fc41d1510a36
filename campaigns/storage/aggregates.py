"""Answers as the watching flow needs them: one row a person and period, summed in the database.

Nothing here reads words. What comes out goes to the confidentiality door and to the detector, to
no page. An answer on a scale belongs to the period it was given in, a text to the one it was scored
in: what comes late counts in the next period, and asking again later gives the same people, also
when another model has read the text since: its first reading says whether it counts. So
retention must leave the rows of the last eight periods, words aside. A text that still waits for
its score at the end of the period after its own counts in none.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
    union_all,
)

from campaigns.domain.definition import Confidentiality, Definition, Question
from campaigns.domain.periods import Span
from campaigns.storage import campaigns as campaigns_store
from campaigns.storage import loosening
from campaigns.storage.loosening import Said
from campaigns.storage.tables import answers, campaign_versions, scores
from sentiment.labels import Barrier, Theme
from sentiment.resistance import Evidence, together

# Asked at each press: built once, for that takes longer than to ask.
_VERSIONS = (
    select(campaign_versions.c.id, campaign_versions.c.created_at)
    .where(campaign_versions.c.campaign_id == bindparam("campaign_id"))
    .order_by(campaign_versions.c.number)
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's own answers of one period; the team is that of the first of them."""

    team_id: int
    first_at: datetime
    evidence: Evidence
    barriers: frozenset[Barrier] = frozenset()
    themes: frozenset[Theme] = frozenset()


def rules(
    c: Connection, campaign_id: int, before: datetime
) -> tuple[Confidentiality, list[Question]]:
    """The promise and the measuring questions of all versions that came in before that moment.

    The promise is the first version's; a later version can only raise its minimums.
    """
    definitions = _definitions(c, campaign_id, before)
    promises = [definition.campaign.confidentiality for definition in definitions]
    promise = promises[0].model_copy(
        update={
            "minimum_group": max(one.minimum_group for one in promises),
            "minimum_for_words": max(one.minimum_for_words for one in promises),
            "erase_after_months": min(one.erase_after_months for one in promises),
            "staff_see_results": any(one.staff_see_results for one in promises),
        }
    )
    questions = {
        question.key: question
        for definition in definitions
        for question in definition.campaign.questions
        if question.kind == "scale" and question.favourable != "none"
    }
    return promise, list(questions.values())


def respondents(
    c: Connection,
    campaign_id: int,
    questions: Sequence[Question],
    period: Span,
    team_ids: Collection[int] | None = None,
) -> dict[int, Answered]:
    """Person → answers of the period; with teams, only people who answered in one of them.

    Who is no longer known has a number below 0, another one in each period.
    """
    found: dict[int, Answered] = {}
    only = _only(campaign_id, period, team_ids)
    for row in c.execute(_scales(questions, period, only)) if questions else ():
        one = Evidence(n_scales=row.n, favourable=row.favourable / row.n)
        _add(found, row.person_id, Answered(row.team_id, row.first_at, one))
    for row in c.execute(_texts(period, only)):
        p_stance = (row.resistant / row.n, row.ambivalent / row.n, row.neutral / row.n, 0.0)
        p_stance = (*p_stance[:3], max(0.0, 1 - sum(p_stance)))
        _add(
            found,
            row.person_id,
            Answered(
                row.team_id,
                row.first_at,
                Evidence(n_texts=row.n, p_stance=p_stance),
                frozenset(Barrier(name) for name in row.barriers.split(";") if name),
                frozenset(Theme(name) for name in row.themes.split(";") if name),
            ),
        )
    for loose in loosening.of_period(c, campaign_id, period):
        said = _said(loose.said, questions)
        if said and (team_ids is None or loose.team_id in team_ids):
            _add(found, -loose.alias, Answered(loose.team_id, period.start, *said))
    return found


def _said(
    one: Said, questions: Sequence[Question]
) -> tuple[Evidence, frozenset[Barrier], frozenset[Theme]] | None:
    """What an answer that lost its person says; None where no figure is made of its question."""
    evidence = evidence_of(one, questions)
    if evidence is None:
        return None
    barriers = frozenset({Barrier(one.barrier)} if one.barrier else ())
    return (
        evidence,
        barriers,
        frozenset(Theme(name) for name in (one.themes or "").split(";") if name),
    )


def evidence_of(one: Said, questions: Sequence[Question]) -> Evidence | None:
    """What one answer tells of a stance; None where it is none to a question that measures."""
    if one.p_resistant is not None:
        p = (one.p_resistant, one.p_ambivalent or 0.0, one.p_neutral or 0.0)
        return Evidence(n_texts=1, p_stance=(*p, max(0.0, 1 - sum(p))))
    asked = next((each for each in questions if each.key == one.question), None)
    if asked is None or one.number is None:
        return None
    share = (one.number - 1) / (asked.points - 1)
    favourable = share if asked.favourable == "high" else 1 - share
    return Evidence(n_scales=1, favourable=favourable)


def teams_of_respondents(
    c: Connection, campaign_id: int, questions: Sequence[Question], period: Span
) -> dict[int, frozenset[int]]:
    """Team → the people that `respondents` gives for it, without what they answered."""
    only = _only(campaign_id, period)
    both = union_all(
        _scale_rows(questions, period, only).with_only_columns(
            answers.c.person_id, answers.c.team_id, answers.c.answered_at.label("at")
        ),
        _text_rows(period, only).with_only_columns(
            answers.c.person_id, answers.c.team_id, scores.c.scored_at.label("at")
        ),
    ).subquery()
    first = select(both.c.person_id, both.c.team_id, func.min(both.c.at).label("at"))
    seen: dict[int, tuple[datetime, int]] = {}
    for row in c.execute(first.group_by(both.c.person_id, both.c.team_id)):
        seen[row.person_id] = min(
            seen.get(row.person_id, (row.at, row.team_id)), (row.at, row.team_id)
        )
    teams: dict[int, set[int]] = {}
    for person, (_, team) in seen.items():
        teams.setdefault(team, set()).add(person)
    return {team: frozenset(members) for team, members in teams.items()}


def _definitions(c: Connection, campaign_id: int, before: datetime) -> list[Definition]:
    found = c.execute(_VERSIONS, {"campaign_id": campaign_id})
    ids = [row.id for n, row in enumerate(found) if n == 0 or row.created_at < before]
    return [campaigns_store.definition(c, version_id) for version_id in ids]


def _only(
    campaign_id: int, period: Span, team_ids: Collection[int] | None = None
) -> ColumnElement[bool]:
    """What can count in the period: given in it, or a text given in the one before."""
    here = and_(
        answers.c.campaign_id == campaign_id,
        answers.c.answered_at >= period.start - (period.end - period.start),
        answers.c.answered_at < period.end,
    )
    if team_ids is None:
        return here
    theirs = select(answers.c.person_id).where(here, answers.c.team_id.in_(team_ids))
    return and_(here, answers.c.person_id.in_(theirs))


def _scale_rows(
    questions: Iterable[Question], period: Span, only: ColumnElement[bool]
) -> Select[Any]:
    return select(answers).where(
        only,
        answers.c.answered_at >= period.start,
        answers.c.kind == "scale",
        answers.c.question.in_([question.key for question in questions]),
        answers.c.number.is_not(None),
    )


def _text_rows(period: Span, only: ColumnElement[bool]) -> Select[Any]:
    return (
        select(answers)
        .join(scores, scores.c.answer_id == answers.c.id)
        .where(
            only,
            answers.c.kind == "text",
            scores.c.counts,
            scores.c.scored_at >= period.start,
            scores.c.scored_at < period.end,
        )
    )


def _scales(questions: Sequence[Question], period: Span, only: ColumnElement[bool]) -> Select[Any]:
    favour = case(
        *((answers.c.question == question.key, _favourable(question)) for question in questions),
        else_=0.5,
    )
    return (
        _scale_rows(questions, period, only)
        .with_only_columns(
            answers.c.person_id,
            answers.c.team_id,
            func.min(answers.c.answered_at).label("first_at"),
            func.count().label("n"),
            func.sum(favour).label("favourable"),
        )
        .group_by(answers.c.person_id, answers.c.team_id)
    )


def _favourable(question: Question) -> ColumnElement[Any]:
    share: ColumnElement[Any] = (answers.c.number - 1.0) / float(question.points - 1)
    return share if question.favourable == "high" else 1.0 - share


def _texts(period: Span, only: ColumnElement[bool]) -> Select[Any]:
    return (
        _text_rows(period, only)
        .with_only_columns(
            answers.c.person_id,
            answers.c.team_id,
            func.min(scores.c.scored_at).label("first_at"),
            func.count().label("n"),
            func.sum(scores.c.p_resistant).label("resistant"),
            func.sum(scores.c.p_ambivalent).label("ambivalent"),
            func.sum(scores.c.p_neutral).label("neutral"),
            func.aggregate_strings(func.coalesce(scores.c.barrier, ""), ";").label("barriers"),
            func.aggregate_strings(scores.c.themes, ";").label("themes"),
        )
        .group_by(answers.c.person_id, answers.c.team_id)
    )


def _add(found: dict[int, Answered], person_id: int, one: Answered) -> None:
    other = found.get(person_id)
    if other is None:
        found[person_id] = one
        return
    first = min(one, other, key=lambda part: (part.first_at, part.team_id))
    found[person_id] = replace(
        first,
        evidence=together(one.evidence, other.evidence),
        barriers=one.barriers | other.barriers,
        themes=one.themes | other.themes,
    )
