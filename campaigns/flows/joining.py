"""Accounts of a chat platform, some at a time, become known as whose they are.

The caller has the transaction and says who has which e-mail address; whether an address is nobody's
for certain is decided before (`syncing`, `noticing_accounts`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from campaigns.domain.accounts import (
    Account,
    Groups,
    differences,
    email_key,
    joined,
    made,
    made_id,
    parted,
)
from campaigns.domain.people import Person
from campaigns.storage import accounts as stored
from campaigns.storage import directory

_NEW_TEAM = 0  # a team that would be made, if this were no dry run


@dataclass(frozen=True, slots=True)
class Joint:
    """An account and its person, before and after; no `before` is a new one, no `after` nobody."""

    account: Account
    before: Person | None
    after: Person | None
    unclear: bool = False

    @property
    def what(self) -> tuple[str, ...]:
        """What is another in the profile."""
        return differences(self.before, self.after) if self.before and self.after else ()


class Joining:
    """How accounts are joined in one go; `prepare_teams` comes first.

    `claimed` tells whether some account has that address: it is then nobody else's.
    """

    def __init__(
        self,
        groups: Groups,
        *,
        profiles: bool,
        apply: bool,
        claimed: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._claimed = claimed
        self._groups = groups
        self._profiles = profiles
        self._teams: dict[str, int] = {}
        self.apply = apply

    def prepare_teams(self, connection: Connection) -> list[str]:
        """The groups' teams are there, where they were if they were; gives the new ones' names."""
        tree = directory.tree(connection)
        active = directory.tree(connection, active_only=True).teams
        known = {team.name.casefold(): team for team in tree.teams.values()}
        names = {n.casefold(): n for n in sorted(set(self._groups.teams.values()), reverse=True)}
        parents: dict[str, str | None] = {}
        fresh = []
        for key, name in sorted(names.items()):
            team = known.get(key)
            above = tree.teams.get(team.parent_id) if team and team.parent_id else None
            parents[team.name if team else name] = above.name if above else None
            if team is None or team.id not in active:
                fresh.append(team.name if team else name)
            self._teams[key] = team.id if team else _NEW_TEAM
        if self.apply and fresh:
            ids = directory.put_teams(connection, parents)
            self._teams = {name.casefold(): team_id for name, team_id in ids.items()}
        return fresh

    def join(
        self, connection: Connection, accounts: Sequence[Account], by_email: Mapping[str, Person]
    ) -> list[Joint]:
        """What became of each account, or would; `by_email` are active people, locked."""
        owners = stored.by_account(connection, (account.id for account in accounts))
        own_ids = (made_id(account) for account in accounts)
        earlier = stored.by_external_id(connection, own_ids)
        joints = [self._joint(account, owners, earlier, by_email) for account in accounts]
        if self.apply:
            self._store(connection, joints, owners)
        return joints

    def _joint(
        self,
        account: Account,
        owners: Mapping[str, Person],
        earlier: Mapping[str, Person],
        by_email: Mapping[str, Person],
    ) -> Joint:
        team = self._team(account)
        before = by_email.get(email_key(account.email)) if account.email else None
        owner = owners.get(account.id)
        if before is None and owner is not None and owner.active and not self._claimed(owner.email):
            before = owner  # the address changed on one side: the account is still theirs
        if before is None and team is not None:
            before = earlier.get(made_id(account))
        unclear = account.id in self._groups.unclear
        if before is None:
            after = made(account, team) if team is not None else None
            return Joint(account, None, after and self._grouped(account, after), unclear)
        after = joined(before, account, profile=self._profiles)
        return Joint(account, before, self._grouped(account, after), unclear)

    def _grouped(self, account: Account, person: Person) -> Person:
        team = self._team(account)
        return replace(
            person,
            team_id=person.team_id if team is None else team,
            role=self._groups.roles.get(account.id, person.role),
            active=True,
        )

    def _team(self, account: Account) -> int | None:
        name = self._groups.teams.get(account.id)
        return None if name is None else self._teams[name.casefold()]

    @staticmethod
    def _store(
        connection: Connection, joints: Sequence[Joint], owners: Mapping[str, Person]
    ) -> None:
        changed = {
            joint.after.id: joint.after
            for joint in joints
            if joint.before is not None and joint.after is not None and joint.before != joint.after
        }
        for joint in joints:
            owner = owners.get(joint.account.id)
            if owner and joint.after and owner.id != joint.after.id and owner.id not in changed:
                changed[owner.id] = parted(owner)
        stored.change(connection, list(changed.values()))
        stored.add(
            connection,
            [one.after for one in joints if one.before is None and one.after is not None],
        )
