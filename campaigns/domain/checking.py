"""Whether a whole campaign file holds together: what no single value of it can show.

An error would make the campaign do something else than its author meant; a warning is worth a
look. Checking changes nothing and never asks who would answer what.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from campaigns.domain.audience_checks import Staffed, audience_remarks
from campaigns.domain.bad_moments import ALONE, Around
from campaigns.domain.calendar_checks import calendar_remarks
from campaigns.domain.chance_checks import chance_remarks
from campaigns.domain.definition import (
    Definition,
    FollowUp,
    Reminder,
)
from campaigns.domain.edit_checks import Underway, edit_remarks, twin_remarks
from campaigns.domain.language_checks import language_remarks
from campaigns.domain.moment_checks import moment_remarks
from campaigns.domain.people import TeamTree
from campaigns.domain.placed_yaml import Path, Places
from campaigns.domain.proof_checks import proof_remarks
from campaigns.domain.question_checks import question_remarks
from campaigns.domain.remarks import Remark, closest, error, warning
from campaigns.domain.rotation_checks import rotation_remarks
from campaigns.domain.rule_checks import rule_remarks
from campaigns.domain.stakeholder_checks import stakeholder_remarks
from campaigns.domain.training_checks import training_remarks
from campaigns.domain.unfilled import unfilled_remarks
from campaigns.errors import Problem


def check(
    definition: Definition,
    now: datetime,
    *,
    tree: TeamTree | None = None,
    audience_size: int | None = None,
    team_sizes: Collection[int] = (),
    staffed: Staffed | None = None,
    spoken: Collection[str] = (),
    roles: Collection[str] = (),
    reads: Collection[str] = (),
    owners: Collection[str] | None = None,
    underway: Underway | None = None,
    places: Places | None = None,
    around: Around = ALONE,
) -> list[Problem]:
    """Every error and warning in the order of the file; an empty list where there is none.

    `tree`, `audience_size` and the `team_sizes` that add up to it, `staffed`, `spoken` and `roles`,
    the languages and roles of the audience, and `owners`, those of the ids named in the file that
    belong to people who work here, are what the staff directory says; without them nothing is said
    about teams and people. `reads` are the languages of the model, `underway` is the campaign as it
    was launched before, `around` is what else there is on a day. `places` come from
    `reading.read_placed`.
    """
    where = places or Places()
    today = now.date()
    launched_on = underway.launched_on if underway else today
    begun = underway.begun if underway else ()
    remarks = [
        *_twice(definition),
        *_references(definition),
        *question_remarks(definition),
        *rotation_remarks(definition, launched_on, today),
        *training_remarks(definition, now, launched_on, roles),
        *rule_remarks(definition, launched_on, today),
        *chance_remarks(definition),
        *proof_remarks(definition, launched_on, today, team_sizes),
        *_unused(definition),
        *language_remarks(definition, spoken, reads),
        *_contacts(definition),
        *_learning(definition),
        *calendar_remarks(definition, now, launched_on, begun, min(team_sizes, default=0)),
        *moment_remarks(definition, launched_on, today, tree, around),
        *(
            edit_remarks(definition, underway, today)
            if underway
            else twin_remarks(definition, tree, [one.definition for one in around.elsewhere])
        ),
        *audience_remarks(definition, tree, audience_size, staffed),
        *stakeholder_remarks(definition),
        *_people(definition, owners),
    ]
    blanks = list(unfilled_remarks(definition))
    blank = {remark.path for remark in blanks}
    remarks = [*blanks, *(remark for remark in remarks if remark.path not in blank)]
    remarks.sort(key=lambda remark: where.position(remark.path))
    return [Problem(where.of(one.path), one.message, one.severity) for one in remarks]


def _twice(definition: Definition) -> Iterator[Remark]:
    campaign = definition.campaign
    lists: dict[str, list[str]] = {
        "competences": [one.key for one in campaign.competences],
        "trainings": [one.key for one in campaign.trainings],
        "questions": [one.key for one in campaign.questions],
        "touchpoints": [one.key for one in campaign.touchpoints],
        "rules": [one.key for one in campaign.rules],
        "agent_actions": [one.key for one in campaign.agent_actions],
    }
    for name, keys in lists.items():
        for index, key in enumerate(keys):
            if key in keys[:index]:
                path = ("campaign", name, index, "key")
                yield error(path, f'another of the {name} is called "{key}" already')


def _references(definition: Definition) -> Iterator[Remark]:
    pulses = [one.key for one in definition.campaign.pulses]
    follow_ups = [one.key for one in definition.campaign.follow_ups]
    for index, touchpoint in enumerate(definition.campaign.touchpoints):
        if isinstance(touchpoint, Reminder) and touchpoint.when.pulse not in pulses:
            path: Path = ("campaign", "touchpoints", index, "when", "pulse")
            yield error(path, _missing("pulse", touchpoint.when.pulse, pulses))
    for index, rule in enumerate(definition.campaign.rules):
        for place, key in enumerate(rule.send):
            if key not in follow_ups:
                several = (place,) if len(rule.send) > 1 else ()
                path = ("campaign", "rules", index, "send", *several)
                yield error(path, _missing("follow_up", key, follow_ups))


def _missing(kind: str, key: str, known: Sequence[str]) -> str:
    return f'no touchpoint of kind {kind} is called "{key}"{closest(key, known)}'


def _unused(definition: Definition) -> Iterator[Remark]:
    campaign = definition.campaign
    sent = {key for rule in campaign.rules for key in rule.send}
    if sent - {touchpoint.key for touchpoint in campaign.touchpoints}:
        return  # one of the unused may well be meant by the unknown key
    for index, touchpoint in enumerate(campaign.touchpoints):
        if isinstance(touchpoint, FollowUp) and touchpoint.key not in sent:
            path = ("campaign", "touchpoints", index, "key")
            yield warning(path, f'no rule sends the follow-up "{touchpoint.key}"')


def _contacts(definition: Definition) -> Iterator[Remark]:
    for index, contact in enumerate(definition.campaign.help_contacts):
        reachable = "@" in contact.contact or any(sign.isdigit() for sign in contact.contact)
        if not reachable and "://" not in contact.contact:
            yield warning(
                ("campaign", "help_contacts", index, "contact"),
                "expected a number, an e-mail or a web address: somebody in need has to reach it",
            )


def _learning(definition: Definition) -> Iterator[Remark]:
    asks_for_words = any(one.kind == "text" for one in definition.asked())
    if definition.campaign.learn_from_words and not asks_for_words:
        path = ("campaign", "learn_from_words")
        yield warning(path, "nobody is asked for words: no pulse asks a question of kind text")


def _people(definition: Definition, known: Collection[str] | None) -> Iterator[Remark]:
    for path, person in definition.named():
        if known is not None and person not in known:
            yield error(
                path,
                f'nobody who works here has the id "{person}"; '
                "expected one from the column id of the staff file",
            )
