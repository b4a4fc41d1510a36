"""What each table holds, for how long, and who can see it: said once, beside the tables.

The data-protection page is made of this and of the tables themselves, so whoever adds a table says
here what it is for; a test fails where one has no entry, and where one names no table. Each
sentence must stay true word by word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import LargeBinary, Table

from campaigns.storage.tables import metadata


class Part(StrEnum):
    """Under which heading a table is told of, in this order."""

    SAID = "What people answer, write and ask"
    GROUPS = "What is known of groups"
    SENT = "What is sent to people"
    STAFF = "Who works here"
    RUN = "Campaigns, and how the program runs"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about a table in words."""

    part: Part
    holds: str
    kept: str
    seen_by: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One line of the page: the words, and what the table itself tells."""

    table: str
    said: Said
    columns: tuple[str, ...]
    encrypted: tuple[str, ...]
    names_people: bool


_PROMISED = "Until the campaign’s time for answers is over, or the person deletes it."
_LINKED = (
    "Until eight periods after the one it counts in, or until the person deletes it; what stays "
    "after that is in loose_answers."
)
_CODE = "The program alone: it chooses the next message and adds up groups. No page shows it."
_FOR_GOOD = "As long as the database."
_WITH_STAFF = "As long as the database; who left is marked as left."
_OWN = "The person, in their chat. Nobody else."

_SAID: Mapping[str, Said] = {
    "answers": Said(
        Part.SAID,
        "Each answer with its person: a number, a choice, or words, which are encrypted.",
        _LINKED,
        _CODE,
    ),
    "loose_answers": Said(
        Part.SAID,
        "What is left of answers after eight periods: numbers, choices and what a model read, "
        "without words, person or moment, in a team with enough others.",
        "Until the campaign’s time for answers is over.",
        _CODE,
    ),
    "scores": Said(
        Part.SAID,
        "What the model reads in one text: stance, tone, barrier, themes, need of help.",
        "As long as the text it is about.",
        _CODE,
    ),
    "rescores": Said(
        Part.SAID,
        "The same by a newer model, until it has read all texts.",
        "Until the newer scores replace the old ones, or the text is erased.",
        _CODE,
    ),
    "consents": Said(
        Part.SAID,
        "Whether the writer of a text lets a model learn from it.",
        "As long as the text it is about.",
        "The person. Who labels texts sees released words, redacted and without a name.",
    ),
    "decisions": Said(
        Part.SAID,
        "Which rule chose a message for whom, on what kind of answer; where chance chose among "
        "several or left the person out, with which probability.",
        "As long as the answer it rests on, eight periods at the most.",
        _CODE,
    ),
    "offers": Said(
        Part.SENT,
        "Which training a message offered to whom, and because of which competence; never how sure "
        "they said to be.",
        "As long as the message: it goes with the answers it rests on.",
        "The person, in their chat. The comms team sees numbers of enough people, rounded down.",
    ),
    "effects": Said(
        Part.GROUPS,
        "How the follow-ups of each rule did, in sums over everybody it decided for; no person. "
        "Who deletes their data stays in sums that were made before.",
        _FOR_GOOD,
        "The program; the comms team reads what follows from it, of enough people.",
    ),
    "team_draws": Said(
        Part.GROUPS,
        "Whether chance left a whole team out of a rule’s messages after a pulse, so that it can "
        "be seen whether these help.",
        _FOR_GOOD,
        "The program alone.",
    ),
    "questions": Said(
        Part.SAID,
        "What staff ask and what is answered, both encrypted; who asked.",
        _PROMISED,
        "Who asked and their change agents; the campaign’s owners where nobody answers in time. "
        "The name only where the asker said so.",
    ),
    "faq": Said(
        Part.SAID,
        "Questions and answers for everybody, in the words of an agent or the comms team.",
        "Until the campaign’s time for answers is over, or it is taken out.",
        "Everybody whom the campaign has reached; the comms team.",
    ),
    "releases": Said(
        Part.GROUPS,
        "What was published of each group and period: bands and sizes, never a person’s value.",
        _FOR_GOOD,
        "The comms team; change agents see their own teams. Where the campaign says so, everybody "
        "in its audience sees their own groups.",
    ),
    "ledger": Said(
        Part.GROUPS,
        "What was decided about a theme that was published of a group, in the words of whoever "
        "decided; who answers for it, and when the group was told.",
        _FOR_GOOD,
        "The comms team, change agents for their teams, and everybody in the group once it was "
        "told.",
    ),
    "counted": Said(
        Part.GROUPS,
        "Who was counted in the figures of a period: that they answered, never what.",
        "For eight periods: so long, later figures are compared with these.",
        "The program alone.",
    ),
    "detector_people": Said(
        Part.SAID,
        "Twelve numbers a person on how often and how they answer, under a made-up name that only "
        "the initiative’s secret gives, and the team they sit in.",
        "Until the campaign is over, or the person deletes what they answered.",
        _CODE,
    ),
    "detector_states": Said(
        Part.GROUPS,
        "A few numbers a team that tell whether it changes, and whether its people are asked once "
        "more.",
        "Until the campaign is over.",
        "The program; of the numbers, the comms team sees which teams stand out, in words, and a "
        "change agent that of their own teams.",
    ),
    "detector_weeks": Said(
        Part.GROUPS,
        "How many weeks were closed, and sums over everybody who answered.",
        "Until the campaign is over.",
        "The program alone.",
    ),
    "alerts": Said(
        Part.GROUPS,
        "Teams that stood out, which change agent took it, what they tried, and their note, "
        "encrypted.",
        _FOR_GOOD,
        "The team’s change agents and the campaign’s owners; the comms team, without the note.",
    ),
    "deliveries": Said(
        Part.SENT,
        "Which message goes to whom, when, whether it arrived, and what it waited for, such as a "
        "day off or do-not-disturb; not its text. Where a person in need agreed to it, also who "
        "asked the campaign’s contact to get in touch.",
        "Follow-ups and help: as long as the answers they reply to. All else: as long as the "
        "database, so that nothing is sent twice.",
        "The program; each person their own. The comms team sees how many, planned ones only.",
    ),
    "chat_messages": Said(
        Part.SENT,
        "The messages of the browser chat as they read now; no answer and no words of a person. A "
        "request to get in touch names who asks.",
        "As long as the sending they belong to.",
        _OWN,
    ),
    "inbox": Said(
        Part.SENT,
        "What Slack hands over, encrypted.",
        "Its content until it is worked off, which takes seconds; then only that it came.",
        "The program alone.",
    ),
    "people": Said(
        Part.STAFF,
        "The staff file: name, e-mail, team, role, place, language, hours, whose public holidays "
        "hold, from when to when somebody is away, who is a champion of the change; accounts of a "
        "chat; how often a person wants to be written to.",
        _WITH_STAFF,
        "The program. Names of change agents and champions and, in a demonstration, of staff stand "
        "on pages.",
    ),
    "teams": Said(Part.STAFF, "Teams and which belongs to which.", _FOR_GOOD, "Everybody."),
    "team_agents": Said(
        Part.STAFF,
        "Who is change agent for which team.",
        "Until the staff file says otherwise.",
        "Change agents, to hand over an alert; the comms team, to see which teams have none.",
    ),
    "initiatives": Said(
        Part.RUN,
        "The changes, by key, each with the secret that its made-up names come from, encrypted.",
        _FOR_GOOD,
        "The comms team, without the secret.",
    ),
    "campaigns": Said(Part.RUN, "Campaigns and whether they run.", _FOR_GOOD, "The comms team."),
    "campaign_versions": Said(
        Part.RUN,
        "Every version of every campaign file, with its promise to staff.",
        _FOR_GOOD,
        "The comms team.",
    ),
    "runs": Said(
        Part.RUN, "Each occasion that a message goes out.", _FOR_GOOD, "The program alone."
    ),
    "lanes": Said(
        Part.RUN, "When the next message may go out to a chat.", _FOR_GOOD, "The program alone."
    ),
    "approvals": Said(
        Part.RUN,
        "Which content of a campaign somebody wished to launch, and who approved it.",
        _FOR_GOOD,
        "The comms team and the data-protection officer.",
    ),
    "audit": Said(
        Part.RUN,
        "Who looked at figures of groups and who changed a campaign; no answer, no score, and "
        "nothing that staff do with what is their own.",
        "As long as the database: an entry is never changed or deleted.",
        "The comms team and the data-protection officer.",
    ),
}


def missing() -> tuple[set[str], set[str]]:
    """Tables of which nothing is said, and names that belong to no table: both must be empty."""
    tables = set(metadata.tables)
    return tables - set(_SAID), set(_SAID) - tables


def holdings() -> list[tuple[Part, Sequence[Holding]]]:
    """Every table under its heading, in the order in which it is told of."""
    lines = [_holding(metadata.tables[name], said) for name, said in _SAID.items()]
    return [(part, [one for one in lines if one.said.part is part]) for part in Part]


def _holding(table: Table, said: Said) -> Holding:
    return Holding(
        table=table.name,
        said=said,
        columns=tuple(column.name for column in table.columns),
        encrypted=tuple(c.name for c in table.columns if isinstance(c.type, LargeBinary)),
        names_people=_leads_to_people(table),
    )


def _leads_to_people(table: Table) -> bool:
    """Whether a row belongs to somebody, by itself or through what it refers to."""
    above = {key.column.table for key in table.foreign_keys} - {table}
    return table.name == "people" or any(_leads_to_people(one) for one in above)
