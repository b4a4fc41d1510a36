"""What a person meets on the first page of a chat: put together when they look, and stored nowhere.

Change agents see the alerts that wait and the released figures of their teams, the comms team sees
how the campaigns stand, and everybody sees what changes for them and how to be left in peace.
"""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from campaigns.domain import home as content
from campaigns.domain import phrases, rights
from campaigns.domain.alerts import STANDING
from campaigns.domain.approval_message import Waiting, summary
from campaigns.domain.audit import Deed, agent
from campaigns.domain.confidentiality import WITHHELD
from campaigns.domain.holdings import wishes
from campaigns.domain.home import Change, Progress, TeamLine
from campaigns.domain.lanes import Lane
from campaigns.domain.messages import Actions, Message
from campaigns.domain.outbox import Kind, State
from campaigns.domain.people import Person
from campaigns.flows import (
    approving,
    auditing,
    forecasting,
    holding,
    overseeing,
    publishing,
    sharing,
    showing,
)
from campaigns.flows.detecting import order
from campaigns.flows.examining import examine
from campaigns.storage import alerts, approvals, campaigns, directory, outbox, releases
from campaigns.storage.approvals import Wish
from campaigns.storage.campaigns import STOPPED, Launched
from campaigns.storage.database import Database
from campaigns.storage.outbox import Delivery
from campaigns.storage.vault import Vault

MOST_ALERTS = 5
MOST_PAST = 5
_TITLED = frozenset({Kind.VISION, Kind.PULSE, Kind.FOLLOW_UP})


def home(
    database: Database,
    vault: Vault,
    person: Person,
    is_comms: bool,
    lane: Lane | None,
    now: datetime,
) -> list[Message]:
    """The page in parts, the most urgent first; each part has the key of the sending it shows."""
    found: list[Message] = []
    with database.read() as c:
        sent = [one for one in outbox.of_person(c, person.id) if one.state is State.SENT]
        found.extend(_agents(c, person, sent, now))
    if found:
        auditing.note(database, agent(person.external_id), Deed.SAW_FIGURES, now)
    if is_comms:
        with database.read() as c:
            waits = [_waiting(c, wish, person, now) for wish in approvals.waiting(c)]
        progress = _progress(database, person, lane, now)
        found.append(content.running(progress, waits, person.language))
    with database.read() as c:
        found.extend(_staff(c, vault, person, sent, now))
    return found


def settings(person: Person, now: datetime) -> Message:
    """How often the person wants to hear from us, and what can be changed about that."""
    paused = person.paused_until is not None and person.paused_until > now
    wish = wishes(person, person.language, now)
    fewer = person.per_week is not None
    return content.settings(wish, paused=paused, fewer=fewer, language=person.language)


def _agents(
    c: Connection, person: Person, sent: list[Delivery], now: datetime
) -> Iterator[Message]:
    """What waits for a change agent, then the figures of their teams; nothing for anybody else."""
    own = {team for team, agent in directory.agent_pairs(c) if agent == person.id}
    standing = list(_alerts(c, sent, now))
    if not own and not standing:
        return
    yield from standing or [content.no_alerts(person.language)]
    if rows := _figures(c, own):
        yield content.teams(rows, person.language)


def _alerts(c: Connection, sent: list[Delivery], now: datetime) -> Iterator[Message]:
    newest = {one.subject_id: one for one in sent if one.kind is Kind.ALERT and one.subject_id}
    n_shown = 0
    for alert_id, delivery in reversed(newest.items()):
        if n_shown == MOST_ALERTS or alerts.by_id(c, alert_id or 0).state not in STANDING:
            continue
        message = showing.standing(c, delivery, now)
        if message is not None:
            n_shown += 1
            yield message


def _figures(c: Connection, own: set[int]) -> list[TeamLine]:
    """What was published last of each of these teams, in all campaigns that go on; those with more
    signs first."""
    tree = directory.tree(c)
    rows: list[TeamLine] = []
    for launched in campaigns.all_launched(c):
        last = releases.count(c, launched.id) - 1
        if launched.state == STOPPED or last < 0:
            continue
        [newest] = releases.since(c, launched.id, last)
        signs = order(c, launched.id)
        named = sorted((tree.teams[team].name, team) for team in own)
        placed = [(tree.teams[team].name, team) for team in signs if team in own]
        rows.extend(
            TeamLine(name, newest.cells.get(team, WITHHELD), signs.get(team))
            for name, team in dict.fromkeys([*placed, *named])
        )
    return rows


def _waiting(c: Connection, wish: Wish, person: Person, now: datetime) -> Waiting:
    problems, readers = examine(c, wish.definition, now)
    n_people, n_teams = (readers.n_people, readers.n_teams) if readers else (0, 0)
    return Waiting(
        summary=summary(wish.definition, n_people, n_teams, problems, now.date()),
        content=wish.sha256[:16],
        asked_by=wish.asked_by,
        may_approve=not approving.refusal(c, wish, person.external_id),
        reader=person.external_id,
    )


def _progress(
    database: Database, person: Person, lane: Lane | None, now: datetime
) -> list[Progress]:
    """How the campaigns that were not stopped stand, in counts of planned sendings."""
    ends = forecasting.ends(database, lane, now)
    zone = ZoneInfo(person.time_zone)
    standing = [one for one in overseeing.standing(database, None, now) if _goes_on(one.launched)]
    with database.read() as c:
        owing = {one.launched.key: holding.owing(c, one.launched) for one in standing}
    return [
        Progress(
            key=one.launched.key,
            title=content.title(one.launched.definition, person.language),
            state=one.launched.state,
            reason=one.launched.reason,
            n_sent=one.n_sent,
            n_queued=one.n_pending,
            n_failed=one.n_failed,
            ends_on=ends[one.launched.key].astimezone(zone).date()
            if one.launched.key in ends
            else None,
            owing=owing[one.launched.key],
        )
        for one in standing
    ]


def _goes_on(launched: Launched) -> bool:
    return launched.state != STOPPED


def _staff(
    c: Connection, vault: Vault, person: Person, sent: list[Delivery], now: datetime
) -> Iterator[Message]:
    """What everybody sees: an open question, what changes, what others have asked, what came, their
    wishes, the promise."""
    language = person.language
    asking = _open_question(c, sent, now)
    if asking is not None:
        yield asking
    reached = [campaigns.by_id(c, one) for one in outbox.campaigns_of(c, person.id)]
    going_on = [one for one in reached if _goes_on(one)]
    changes = [Change(one.definition, _next_on(person, one, now)) for one in going_on]
    yield content.changes(changes, language)
    yield from publishing.contents(c, vault, person)
    if sharing.shared(c, person):
        yield content.to_results(language)
    if titles := list(_past(c, person, sent)):
        yield content.past(titles, language)
    held = Actions((phrases.held_button(language),))
    yield content.with_row(settings(person, now), held)
    yield rights.card(language)
    if going_on:
        yield content.protection(going_on[0].definition, language)


def _open_question(c: Connection, sent: list[Delivery], now: datetime) -> Message | None:
    """The newest message that still asks something, as it stands."""
    pulses = [one for one in sent if one.kind in (Kind.PULSE, Kind.REMINDER)]
    for delivery in reversed(pulses):
        if delivery.closes_at is not None and delivery.closes_at <= now:
            continue
        message = showing.standing(c, delivery, now)
        if message is not None and showing.asks(message):
            return message
    return None


def _next_on(person: Person, launched: Launched, now: datetime) -> date | None:
    moment = overseeing.next_for(launched, person, now)
    return moment and moment.astimezone(ZoneInfo(person.time_zone)).date()


def _past(c: Connection, person: Person, sent: list[Delivery]) -> Iterator[tuple[str, date]]:
    """Titles and days of the last messages, newest first; of those that have a title."""
    titled = [one for one in sent if one.kind in _TITLED and one.version_id is not None]
    zone = ZoneInfo(person.time_zone)
    for delivery in titled[: -MOST_PAST - 1 : -1]:
        definition = campaigns.definition(c, delivery.version_id or 0)
        title = content.touchpoint_title(definition, delivery.touchpoint, person.language)
        if delivery.sent_at is not None:
            yield title, delivery.sent_at.astimezone(zone).date()
