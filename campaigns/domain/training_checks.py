"""Whether a catalogue of trainings holds together: what is unknown, past, or for nobody."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from campaigns.domain.definition import Competence, Definition, Training
from campaigns.domain.offers import picking
from campaigns.domain.placed_yaml import Path
from campaigns.domain.remarks import Remark, closest, error, warning
from campaigns.domain.rotation_checks import have_their_turn


def training_remarks(
    definition: Definition, now: datetime, launched_on: date, roles: Collection[str] = ()
) -> Iterator[Remark]:
    """What is wrong with competences and trainings, if this were launched, or launched anew, now;
    `roles` are those of the audience, where they are known."""
    campaign = definition.campaign
    known = {one.key: one for one in campaign.competences}
    yield from _unknown(definition, known)
    if roles:
        yield from _roles(definition, roles)
    asked = _asked(definition, launched_on, now.date())
    for index, competence in enumerate(campaign.competences):
        if competence.key not in asked:
            where = ("campaign", "competences", index, "key")
            yield warning(where, f'no pulse asks how sure people are of "{competence.key}"')
    yield from _rules(definition, asked)
    if campaign.trainings and not _is_offered(definition):
        path = ("campaign", "trainings")
        yield warning(
            path,
            "nobody is offered these: no rule sends a follow-up of purpose training that has "
            "neither a link nor an invite",
        )
    for index, training in enumerate(campaign.trainings):
        yield from _training(training, index, known, asked, definition, now)


def _unknown(definition: Definition, known: dict[str, Competence]) -> Iterator[Remark]:
    for index, question in enumerate(definition.campaign.questions):
        if question.competence and question.competence not in known:
            message = _missing(question.competence, known)
            yield error(("campaign", "questions", index, "competence"), message)
    for index, training in enumerate(definition.campaign.trainings):
        for at, key in enumerate(training.competences):
            if key not in known:
                path = ("campaign", "trainings", index, "competences", at)
                yield error(path, _missing(key, known))


def _roles(definition: Definition, roles: Collection[str]) -> Iterator[Remark]:
    """Roles, of a training or a level, that nobody in the audience has."""
    there, known = {role.casefold() for role in roles}, sorted(filter(None, roles))
    lists: list[tuple[Path, tuple[str, ...]]] = [
        (("campaign", "competences", index, "wanted", at, "roles"), one.roles)
        for index, competence in enumerate(definition.campaign.competences)
        for at, one in enumerate(competence.wanted)
    ]
    lists += [
        (("campaign", "trainings", index, "roles"), training.roles)
        for index, training in enumerate(definition.campaign.trainings)
    ]
    for path, named in lists:
        for at, role in enumerate(named):
            if role.casefold() not in there:
                message = f'nobody in the audience has the role "{role}"{closest(role, known)}'
                yield warning((*path, at), message)


def _missing(key: str, known: dict[str, Competence]) -> str:
    return f'there is no competence "{key}"{closest(key, known)}'


def _asked(definition: Definition, launched_on: date, today: date) -> set[str]:
    """The competences that pulses ask about, in whichever round."""
    pulses = definition.campaign.pulses
    keys = set[str]().union(*(have_their_turn(pulse, launched_on, today) for pulse in pulses))
    asking = [one for one in definition.campaign.questions if one.key in keys]
    return {question.competence for question in asking if question.competence}


def _is_offered(definition: Definition) -> bool:
    return any(picking(definition).intersection(one.send) for one in definition.campaign.rules)


def _rules(definition: Definition, asked: set[str]) -> Iterator[Remark]:
    for index, rule in enumerate(definition.campaign.rules):
        path = ("campaign", "rules", index)
        if rule.when.gap and not asked:
            message = "this rule never fires: no pulse asks a question about a competence"
            yield warning((*path, "when", "gap"), message)
        if rule.when.silence_pulses is not None and picking(definition).intersection(rule.send):
            yield error(
                (*path, "send"),
                "who is silent is offered no training of the catalogue: give the follow-up a link "
                "or an invite of its own, or send another",
            )


def _training(
    training: Training,
    index: int,
    known: dict[str, Competence],
    asked: set[str],
    definition: Definition,
    now: datetime,
) -> Iterator[Remark]:
    path = ("campaign", "trainings", index)
    past = [at for at, day in enumerate(training.dates) if day < now.date()]
    for at in past:
        yield warning((*path, "dates", at), "this day is in the past")
    if training.link is None and training.text is None:
        yield warning(path, "neither a link nor a text says how to enrol")
    named = [known[key] for key in training.competences if key in known]
    if len(named) < len(training.competences):
        return  # the unknown one may well be what it is offered for
    if why := _for_nobody(training, named, asked, definition):
        yield warning(path, f"nobody could be offered this: {why}")
    elif past and len(past) == len(training.dates):
        yield warning((*path, "dates"), "nobody could be offered this: all its days are past")


def _for_nobody(
    training: Training, named: list[Competence], asked: set[str], definition: Definition
) -> str:
    heard = [one for one in named if one.key in asked]
    if not heard:
        return "no pulse asks about its competences"
    if not any(_wanted(one, training) for one in heard):
        return f"nobody it is for needs the level {training.level} in what pulses ask about"
    spoken = {language.split("-")[0] for language in definition.campaign.languages}
    held = {language.split("-")[0] for language in training.languages}
    if held and held.isdisjoint(spoken):
        return f"the campaign has none of its languages ({', '.join(training.languages)})"
    return ""


def _wanted(competence: Competence, training: Training) -> bool:
    """Whether somebody whom the training is for needs this level or more."""
    named = {role for one in competence.wanted for role in one.roles}
    roles = training.roles or (*named, "")
    levels = [competence.wanted_of(role) for role in roles]
    return any(level is not None and level.rank >= training.level.rank for level in levels)
