"""What a campaign would do before anybody gets anything: whom it reaches, how often, what it says.

It reads the staff directory and writes nothing. Of the audience only numbers leave this file.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from campaigns.domain import content, rotation, sampling
from campaigns.domain.agenda import agenda, busiest_week, of_one
from campaigns.domain.changes import changes
from campaigns.domain.checking import check
from campaigns.domain.consent import Consent
from campaigns.domain.definition import Definition, FollowUp, Pulse, Reminder, Vision
from campaigns.domain.lanes import Lane
from campaigns.domain.messages import Message
from campaigns.domain.needing import help_message
from campaigns.domain.offer_message import Standing, offer
from campaigns.domain.offers import DID, HELPED, TAKE, Offer, picks
from campaigns.domain.people import Person, WorkingHours
from campaigns.domain.placed_yaml import Places
from campaigns.domain.pulses import answers_before
from campaigns.domain.rotation import Asked
from campaigns.errors import Problem
from campaigns.flows import forecasting, rotating
from campaigns.flows.examining import Readers, examine
from campaigns.storage import campaigns
from campaigns.storage.database import Database

_KEY = "preview"
_LARGE = 10_000  # people in a team, where nobody knows how many: it is split into all parts
_CONSENTS = {
    "thanks after words": Consent.OFFERED,
    "words released": Consent.GIVEN,
    "words taken back": Consent.TAKEN_BACK,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom the audience holds: `n_default` of them read the first language for want of theirs.

    `first` is when the first planned message goes to the first and to the last of them; `asked` how
    many people at the most get a pulse each time that it asks a part of each team.
    """

    n_people: int
    n_teams: int
    n_default: int
    first: tuple[datetime, datetime] | None = None
    asked: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as one group of readers gets it; `step` tells the states of one message apart."""

    touchpoint: str
    step: str
    language: str
    message: Message


@dataclass(frozen=True, slots=True)
class InTurn:
    """What each round to come of a pulse asks of the questions that come in turn, until everybody
    was asked all of them once."""

    pulse: str
    rounds: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known before the launch.

    `reach` is None without a staff directory. `messages` is empty where there are errors.
    `n_planned` counts visions and pulses of the first year, `n_reminders` comes on top for those
    who answer nothing, and `n_busiest` is both together in the seven days from `busiest_from`: of
    whoever gets most. `n_least` counts the visions and pulses of whoever is asked least, where
    pulses ask a part of each team a time. `changes` says in which parts it differs from the version
    that runs.
    """

    problems: tuple[Problem, ...]
    reach: Reach | None
    n_planned: int
    n_least: int
    n_reminders: int
    busiest_from: date
    n_busiest: int
    messages: tuple[Rendered, ...]
    in_turn: tuple[InTurn, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity == "warning")


def preview(
    database: Database | None,
    definition: Definition,
    now: datetime,
    places: Places | None = None,
    lane: Lane | None = None,
    reads: Collection[str] = (),
) -> Preview:
    """The campaign as it would be if it were launched now; without a database, without people.

    `lane` is what people known to Slack are written to by, `reads` are the languages of the model.
    """
    problems, readers = _examined(database, definition, now, places, reads)
    sizes, everything = readers.sizes if readers else (), agenda(definition, now.date())
    planned = of_one(definition, everything, min(sizes, default=0))
    least = of_one(definition, everything, max(sizes, default=_LARGE), turn=-1)
    n_reminders = sum(one.kind == "reminder" for one in planned)
    busiest_from, n_busiest = busiest_week(planned)
    failed = any(problem.severity == "error" for problem in problems)
    return Preview(
        problems=tuple(problems),
        reach=None if readers is None else _reach(definition, readers, lane, now),
        n_planned=len(planned) - n_reminders,
        n_least=sum(one.kind != "reminder" for one in least),
        n_reminders=n_reminders,
        busiest_from=busiest_from,
        n_busiest=n_busiest,
        messages=() if failed else tuple(render(definition)),
        in_turn=() if failed else tuple(_in_turn(database, definition, now)),
        changes=_changes(database, definition),
    )


def _in_turn(database: Database | None, definition: Definition, now: datetime) -> Iterator[InTurn]:
    """From the first round on; of a campaign that runs, from the next."""
    past: dict[str, list[Asked]] = {}
    if database is not None:
        with database.read() as c:
            past = rotating.so_far(c, definition.campaign.key, now)
    for pulse in definition.campaign.touchpoints:
        if isinstance(pulse, Pulse) and pulse.rotate:
            rounds = rotation.first(pulse, rotation.rounds_for_all(pulse), past.get(pulse.key, ()))
            yield InTurn(pulse.key, tuple(rounds))


def _changes(database: Database | None, definition: Definition) -> tuple[str, ...]:
    if database is None:
        return ()
    with database.read() as c:
        known = campaigns.ids_by_key(c).get(definition.campaign.key)
        running = campaigns.by_id(c, known).definition if known else definition
    return tuple(changes(running, definition))


def _examined(
    database: Database | None,
    definition: Definition,
    now: datetime,
    places: Places | None,
    reads: Collection[str],
) -> tuple[list[Problem], Readers | None]:
    if database is None:
        return check(definition, now, reads=reads, places=places), None
    with database.read() as connection:
        return examine(connection, definition, now, places, reads)


def _reach(definition: Definition, readers: Readers, lane: Lane | None, now: datetime) -> Reach:
    at_least = definition.campaign.confidentiality.minimum_group
    asked = {
        one.key: sampling.n_asked(one.ask.one_in, at_least, readers.sizes)
        for one in definition.campaign.touchpoints
        if isinstance(one, Pulse) and one.ask.one_in > 1
    }
    shares = {key: n / max(1, readers.n_people) for key, n in asked.items()}
    first = forecasting.first_message(definition, readers.patterns, lane, now, shares)
    numbers = readers.n_people, readers.n_teams, readers.n_default
    return Reach(*numbers, first, tuple(asked.items()))


def render(definition: Definition) -> Iterator[Rendered]:
    """Every message of the campaign in every one of its languages, each in every state it can have.

    The definition must be free of errors.
    """
    for language in definition.campaign.languages:
        person = _reader(language)
        for touchpoint in definition.campaign.touchpoints:
            for step, message in _states(definition, touchpoint, person):
                yield Rendered(touchpoint.key, step, language, message)
        name = definition.campaign.safeguarding_contact
        yield Rendered("", "help", language, help_message(definition, person, _KEY, name))
        if name:
            asked = help_message(definition, person, _KEY, name, asked=True)
            yield Rendered("", "help, after yes", language, asked)


def _reader(language: str) -> Person:
    return Person(0, "", "", "", 0, "", "", language, "UTC", WorkingHours(), "")


def _states(
    definition: Definition, touchpoint: Vision | Pulse | Reminder | FollowUp, person: Person
) -> Iterator[tuple[str, Message]]:
    match touchpoint:
        case Vision():
            yield "", content.vision(definition, touchpoint, person, _KEY)
        case Reminder():
            yield "", content.reminder(definition, touchpoint, person, _KEY)
        case FollowUp() if picks(definition, touchpoint):
            yield from _offer_states(definition, touchpoint, person)
        case FollowUp():
            yield "", content.follow_up(definition, touchpoint, person, _KEY)
            if touchpoint.invite:
                yes = content.follow_up(definition, touchpoint, person, _KEY, accepted=True)
                yield "after yes", yes
        case Pulse():
            yield from _pulse_states(definition, touchpoint, person)


def _offer_states(
    definition: Definition, follow_up: FollowUp, person: Person
) -> Iterator[tuple[str, Message]]:
    """Every training as it can be offered, and what follows on the presses under the last one."""
    for training in definition.campaign.trainings:
        offered = Offer(training.key, training.competences[0])
        offering = partial(offer, definition, follow_up, person, _KEY, offered)
        yield training.key, offering(Standing({}))
    yield "no seat left", offering(Standing({}, full=True))
    pressed: dict[str, int | str | None] = {}
    for question in (TAKE, DID, HELPED):
        pressed[question] = "yes"
        yield f"after {question}", offering(Standing(pressed))


def _pulse_states(
    definition: Definition, pulse: Pulse, person: Person
) -> Iterator[tuple[str, Message]]:
    first, *rounds = map(pulse.in_round, rotation.first(pulse, rotation.rounds_for_all(pulse)))
    yield from _question_states(definition, first, first.questions, person)
    shown = set(first.questions)
    for later in rounds:
        fresh = [key for key in later.questions if key not in shown]
        yield from _question_states(definition, later, fresh, person)
        shown.update(fresh)
    yield from _states_around(definition, first, person)


def _question_states(
    definition: Definition, pulse: Pulse, keys: Iterable[str], person: Person
) -> Iterator[tuple[str, Message]]:
    for key in keys:
        given = answers_before(definition, pulse, key)
        yield key, content.pulse(definition, pulse, person, _KEY, given, closed=False)


def _states_around(
    definition: Definition, pulse: Pulse, person: Person
) -> Iterator[tuple[str, Message]]:
    """All but the questions themselves."""
    later = content.pulse(definition, pulse, person, _KEY, {}, closed=False, postponed=True)
    yield "after not now", later
    yield "further down", content.moved(definition, pulse, person, _KEY)
    answered = dict.fromkeys(pulse.questions, "")
    yield "thanks", content.pulse(definition, pulse, person, _KEY, answered, closed=False)
    kinds = {definition.question(key).kind for key in pulse.questions}
    if definition.campaign.learn_from_words and "text" in kinds:
        for step, consent in _CONSENTS.items():
            asked = content.pulse(
                definition, pulse, person, _KEY, answered, closed=False, consent=consent
            )
            yield step, asked
    yield "closed", content.pulse(definition, pulse, person, _KEY, {}, closed=True)
    begun = dict.fromkeys(pulse.questions[:1], "")
    yield "closed half way", content.pulse(definition, pulse, person, _KEY, begun, closed=True)
