"""The register of change agents and champions: who looks after which team, and which have none."""

from dataclasses import dataclass

from sqlalchemy import Connection

from campaigns.domain.counts import release_count
from campaigns.domain.coverage import Coverage, coverage
from campaigns.domain.definition import Definition, pick
from campaigns.flows.counting import open_since
from campaigns.storage import campaigns, reach
from campaigns.storage.campaigns import Launched
from campaigns.storage.coverage import staffing
from campaigns.storage.database import Database


@dataclass(frozen=True, slots=True)
class Invited:
    """How many people a campaign invited to become champions, as coarse as may be shown."""

    campaign: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """The coverage as of now, and the invitations as of each campaign's last close."""

    coverage: Coverage
    invited: tuple[Invited, ...]


def register(database: Database) -> Register:
    """Who looks after whom in the whole organisation."""
    with database.read() as c:
        launched = campaigns.all_launched(c)
        invited = [_invited(c, one) for one in launched if _invitations(one.definition)]
        return Register(coverage(staffing(c)), tuple(invited))


def _invitations(definition: Definition) -> list[str]:
    return [one.key for one in definition.campaign.follow_ups if one.purpose == "champion"]


def _invited(c: Connection, launched: Launched) -> Invited:
    """Whoever got two of them counts twice; few do, and no step is as small as one person."""
    counts = reach.follow_ups(c, launched.id, open_since(c, launched))
    n_people = sum(counts.get(key, 0) for key in _invitations(launched.definition))
    default = launched.definition.default_language
    title = pick(launched.definition.campaign.title, default, default)
    minimum = launched.definition.campaign.confidentiality.minimum_group
    return Invited(title, release_count(n_people, minimum))
