"""Which training of the catalogue is offered to a person: the next step where they lack most.

Pure and deterministic: what the person said of their competences against what their role needs.
An offer names the competence and never how sure anybody said to be. Nobody else learns of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.domain.definition import Definition, FollowUp, Question, Training
from campaigns.domain.messages import Action, Tap
from campaigns.domain.people import Person

# Under which names the presses below an offer are kept, as answers of kind "training".
TAKE, DID, HELPED = "take", "did", "helped"
QUESTIONS: Mapping[Action, str] = {Action.SEAT: TAKE, Action.DID: DID, Action.HELPED: HELPED}
# Question key → number (scale) or option key (choice): the newest answer of one person to each.
Said = Mapping[str, int | str | None]


@dataclass(frozen=True, slots=True)
class Offer:
    """The training that fits best, and the competence because of which."""

    training: str
    competence: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A competence somebody is at `said` in, 0 (not there yet) to 4, and `wanted` at."""

    competence: str
    said: int
    wanted: int


def picks(definition: Definition, follow_up: FollowUp) -> bool:
    """Whether this follow-up has its training picked; with a link or an invitation it is one."""
    names_one = follow_up.link or follow_up.invite
    return bool(definition.campaign.trainings and not names_one) and follow_up.purpose == "training"


def picking(definition: Definition) -> set[str]:
    """The follow-ups that have their training picked."""
    return {one.key for one in definition.campaign.follow_ups if picks(definition, one)}


def empty(definition: Definition, offer: Offer | None) -> set[str]:
    """The follow-ups that have nothing for somebody with this offer."""
    return set() if offer else picking(definition)


def looks_for_gaps(definition: Definition) -> bool:
    """Whether a rule asks for what is said of competences."""
    return any(rule.when.gap for rule in definition.campaign.rules)


def rank(question: Question, value: int | str | None) -> int | None:
    """The level an answer stands for, 0 to 4; None where it tells none.

    A scale of n points p goes from 0 to 4 evenly, rounded down: 4 (p - 1) // (n - 1).
    """
    if isinstance(value, int):
        return 4 * (value - 1) // (question.points - 1)
    levels = {option.key: option.level for option in question.options}
    level = levels.get(value or "")
    return level.rank if level else None


def gaps(definition: Definition, role: str, said: Said) -> list[Gap]:
    """Where the person is below what their role needs, the widest gap first."""
    ranks: dict[str, int] = {}
    for question in definition.campaign.questions:
        found = rank(question, said.get(question.key))
        if question.competence and found is not None:
            ranks[question.competence] = min(found, ranks.get(question.competence, found))
    found_gaps = [
        Gap(competence.key, ranks[competence.key], wanted.rank)
        for competence in definition.campaign.competences
        if competence.key in ranks and (wanted := competence.wanted_of(role))
    ]
    below = [gap for gap in found_gaps if gap.said < gap.wanted]
    return sorted(below, key=lambda gap: gap.said - gap.wanted)  # stable: ties as in the file


def choose(
    definition: Definition,
    person: Person,
    said: Said,
    full: Collection[str],
    had: Collection[str],
    today: date,
) -> Offer | None:
    """The best training for the person; one without a free seat only where nothing else fits.

    `full` are trainings without a free seat, `had` those offered to this person before.
    """
    fitting = [
        Offer(training.key, gap.competence)
        for gap in gaps(definition, person.role, said)
        for training in _leading_on(definition, gap)
        if training.key not in had and _suits(training, person, today)
    ]
    free = (offer for offer in fitting if offer.training not in full)
    return next(free, fitting[0] if fitting else None)


def _leading_on(definition: Definition, gap: Gap) -> list[Training]:
    """What leads from where the person is towards what is wanted, the smallest step first."""
    steps = [
        training
        for training in definition.campaign.trainings
        if gap.competence in training.competences and gap.said < training.level.rank <= gap.wanted
    ]
    # At the same level, what is made for some roles comes before what is for everybody.
    return sorted(steps, key=lambda training: (training.level.rank, not training.roles))


def _suits(training: Training, person: Person, today: date) -> bool:
    held = {language.split("-")[0].casefold() for language in training.languages}
    spoken = not held or person.language.split("-")[0].casefold() in held
    to_come = not training.dates or max(training.dates) > today
    return training.is_for(person.role) and spoken and to_come


def full(
    definition: Definition, taken: Mapping[str, int], before: Definition | None = None
) -> set[str]:
    """The trainings that have no seat left when so many are `taken`; one that the definition has no
    more has as many as it had `before`."""
    older = before.campaign.trainings if before else ()
    seats = {one.key: one.seats for one in (*older, *definition.campaign.trainings)}
    return {key for key, limit in seats.items() if limit and taken.get(key, 0) >= limit}


def fits(tap: Tap, given: Collection[str]) -> bool:
    """Whether the press is one that the offer asks for, after these: did it help, once it is done,
    and a seat only before."""
    match tap.action:
        case Action.SEAT:
            return DID not in given
        case Action.HELPED:
            return DID in given and tap.value in ("yes", "no")
        case _:
            return tap.action is Action.DID
