"""The answer to "what do you hold about me", as a message for that person alone.

Each sentence must stay true word by word: whoever keeps something new about a person says it here
in the same commit. It counts answers and never repeats one, because a chat may keep what it shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.domain.definition import Definition, pick
from campaigns.domain.messages import Facts, Heading, Message, Note, Part, Text
from campaigns.domain.people import Person
from campaigns.domain.phrases import kept
from campaigns.domain.plain import plain_text
from campaigns.domain.wording import say, say_count, say_date


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much there is about one person, by kind."""

    n_messages: int = 0
    n_chosen: int = 0  # times a rule chose a message for them
    n_left_out: int = 0  # times it would have, and chance left them out
    n_picked: int = 0
    n_written: int = 0
    n_read: int = 0  # of the written ones, those that a model has read
    n_released: int = 0  # and those that it may learn from
    n_thanked: int = 0
    n_skipped: int = 0
    n_offered: int = 0  # trainings
    n_trained: int = 0  # what they said to those: taken, done, of help or not
    n_asked: int = 0
    n_contacts: int = 0  # times they asked to be contacted
    n_counted: int = 0  # periods in whose figures they are known to be
    n_alerts: int = 0  # a change agent's
    n_owned: int = 0  # entries of the ledger that they answer for
    n_logged: int = 0  # entries of the audit log that name them, as an agent or for the comms team
    n_carried: int = 0  # numbers that the detector carries, under a pseudonym


def held(
    person: Person, team: str, holdings: Holdings, definitions: Sequence[Definition], wish: str
) -> Message:
    """All that is kept about the person; `definitions` are the campaigns that reached them, `wish`
    says how often the person wants to hear from us."""
    language = person.language
    parts: list[Part] = [
        Heading(say(language, "What Bellwether holds about you")),
        Text(say(language, "From the staff directory:")),
        Facts(tuple(_from_directory(person, team, language))),
        Text(say(language, "Since then:")),
        Facts(tuple(_since_then(holdings, language))),
        *([Facts(rare)] if (rare := tuple(_for_some(holdings, language))) else []),
        *([Text(wish)] if wish else []),
        *[Text(_erased(one, language)) for one in definitions],
        Note(
            say(
                language,
                "What you answered is not repeated here, because a chat may keep what it shows. "
                "Texts are kept encrypted, and a model’s reading of them beside them. "
                "Nobody is told that you looked at this.",
            )
        ),
    ]
    return Message("", plain_text(parts, language), language, tuple(parts))


def _from_directory(person: Person, team: str, language: str) -> Iterator[tuple[str, str]]:
    hours = f"{person.hours.start:%H:%M}–{person.hours.end:%H:%M}"
    found = (
        (say(language, "Name"), person.name),
        (say(language, "E-mail"), person.email),
        (say(language, "Number in the staff directory"), person.external_id),
        (say(language, "Team"), team),
        (say(language, "Role"), person.role),
        (say(language, "Place"), person.location),
        (say(language, "Language"), language),
        (say(language, "Working hours"), f"{hours}, {person.time_zone}"),
        (say(language, "Public holidays"), person.holidays),
        (say(language, "Away"), _away(person, language)),
        (say(language, "Champion of the change"), _yes(person.champion, language)),
        (say(language, "Chat account"), person.slack_id or person.chat_id),
    )
    return ((label, value) for label, value in found if value)


def _yes(whether: bool, language: str) -> str:
    return say(language, "yes") if whether else ""


def _away(person: Person, language: str) -> str:
    if person.away_from is None or person.away_until is None:
        return ""
    return f"{say_date(language, person.away_from)} – {say_date(language, person.away_until)}"


def _since_then(holdings: Holdings, language: str) -> Iterator[tuple[str, str]]:
    counts = (
        (say(language, "Messages to you"), holdings.n_messages),
        (say(language, "Of these, chosen for you by a rule"), holdings.n_chosen),
        (say(language, "Answers you picked"), holdings.n_picked),
        (say(language, "Answers in your own words"), holdings.n_written),
        (say(language, "Of these, read by a model"), holdings.n_read),
        (say(language, "Of these, released by you to learn from"), holdings.n_released),
        (say(language, "Messages you confirmed"), holdings.n_thanked),
        (say(language, "Questions you skipped"), holdings.n_skipped),
        (say(language, "Questions you asked"), holdings.n_asked),
        (
            say(language, "Periods in whose figures you were counted (of the last eight)"),
            holdings.n_counted,
        ),
        (say(language, "Numbers on how you answer, under a made-up name"), holdings.n_carried),
    )
    return ((label, str(n)) for label, n in counts)


def _for_some(holdings: Holdings, language: str) -> Iterator[tuple[str, str]]:
    """What there is of few people: told where there is any."""
    counts = (
        (say(language, "Trainings you were offered"), holdings.n_offered),
        (say(language, "What you said about trainings"), holdings.n_trained),
        (
            say(language, "Messages that chance left out for you, to see whether they help others"),
            holdings.n_left_out,
        ),
        (say(language, "Times you asked to be contacted"), holdings.n_contacts),
        (say(language, "Alerts you took as a change agent"), holdings.n_alerts),
        (say(language, "Decisions you answer for, in “You said, we did”"), holdings.n_owned),
        (say(language, "Entries in the audit log that name you"), holdings.n_logged),
    )
    return ((label, str(n)) for label, n in counts if n)


def wishes(person: Person, language: str, now: datetime) -> str:
    """How often the person wants to hear from us, in a sentence; "" where they said nothing."""
    said = []
    if person.paused_until is not None and person.paused_until > now:
        day = say_date(language, person.paused_until.astimezone(ZoneInfo(person.time_zone)).date())
        said.append(say(language, "Your messages are paused until {day}.", day=day))
    if person.per_week is not None:
        said.append(
            say_count(
                language,
                "You get {n} message a week at the most.",
                "You get {n} messages a week at the most.",
                person.per_week,
            )
        )
    return " ".join(said)


def _erased(definition: Definition, language: str) -> str:
    default = definition.default_language
    title = pick(definition.campaign.title, language, default).strip()
    return f"{title}: {kept(definition.campaign.confidentiality, language)}"
