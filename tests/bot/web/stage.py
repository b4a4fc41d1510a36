"""A small organisation in a real database, with what the pages need around it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from cryptography.fernet import Fernet
from flask import Flask
from pydantic import SecretStr

from bot.conversation import Conversation
from bot.settings import Settings
from bot.tokens import Tokens
from bot.web.app import create_app
from bot.web.messenger import BrowserMessenger
from campaigns.domain.alerts import AlertKind, Finding, Strength
from campaigns.domain.confidentiality import WITHHELD, Cell, Size, from_json
from campaigns.domain.definition import Definition
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.planning import launch, plan
from campaigns.storage import alerts, campaigns, directory, mailbox, releases
from campaigns.storage.database import Database
from campaigns.storage.vault import Vault
from tests.people import clerk

if TYPE_CHECKING:
    from bot.wiring import Application

PASSWORD = "a long enough password"
SECRET = "s" * 40
TEAMS = {"Agency": None, "Permits": "Agency", "Permits North": "Permits", "Registry": "Agency"}


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Stage:
    """The parts of an application that pages use, and short ways to fill its database."""

    settings: Settings
    database: Database
    now: Clock
    vault: Vault
    tokens: Tokens
    messenger: BrowserMessenger
    conversation: Conversation
    trouble: str = ""

    def problem(self) -> str:
        return self.trouble

    def app(self) -> Flask:
        return create_app(cast("Application", self))

    def launch(self, definition: Definition) -> None:
        """The campaign is out with everybody."""
        launch(self.database, definition, self.now())
        self.deliver()

    def deliver(self) -> None:
        """Whatever is due has gone out."""
        plan(self.database, self.now())
        while deliver_due(self.database, self.messenger, compose, self.now()):
            pass

    def keys(self, external_id: str) -> list[str]:
        """The keys of the messages in a person's chat, oldest first."""
        with self.database.read() as c:
            person = directory.person_by_external_id(c, external_id)
            return [posted.message.key for posted in mailbox.thread(c, person.id)]

    def publish(self, *periods: dict[str, Cell]) -> None:
        """These cells by team name ("" is everybody) are what was published."""
        with self.database.write() as c:
            campaign = campaigns.all_launched(c)[0]
            tree = directory.tree(c)
            ids = {team.name: team.id for team in tree.teams.values()}
            for number, by_name in enumerate(periods):
                cells = {ids.get(name): cell for name, cell in by_name.items()}
                cells |= {None: cells.pop(None, WITHHELD)}
                cells |= {team: WITHHELD for team in ids.values() if team not in cells}
                releases.put(c, campaign.id, number, cells, tree, self.now())

    def raise_alert(self, team: str) -> None:
        with self.database.write() as c:
            campaign = campaigns.all_launched(c)[0]
            teams = {team.name: team.id for team in directory.tree(c).teams.values()}
            finding = Finding(team, AlertKind.RISING, Strength.STRONG, self.now().date(), Size.TENS)
            alerts.put(c, campaign.id, teams[team], finding, self.now())


def stage(database: Database, now: datetime, **settings: Any) -> Stage:
    """An organisation of 15 people in 4 teams; nothing is launched yet."""
    built = around(database, now, **settings)
    _hire(database)
    return built


def around(database: Database, now: datetime, **settings: Any) -> Stage:
    """The same around whatever is in the database."""
    chosen = Settings(
        **{
            "environment": "demo",
            "secret_key": SecretStr(SECRET),
            "data_keys": SecretStr(Fernet.generate_key().decode()),
            "console_password": SecretStr(PASSWORD),
            "_env_file": None,
            **settings,
        }
    )
    clock = Clock(now)
    vault = Vault([chosen.data_keys.get_secret_value()])
    messenger = BrowserMessenger(database, clock)
    tokens = Tokens([SECRET], chosen.token_days, clock)
    conversation = Conversation(database, vault, messenger, clock)
    return Stage(chosen, database, clock, vault, tokens, messenger, conversation)


def _hire(database: Database) -> None:
    with database.write() as c:
        teams: dict[str | None, int | None] = {None: None}
        for name, parent in TEAMS.items():
            teams[name] = directory.put_team(c, name, teams[parent])
        names = [
            "Ada Ångström",
            "Bo Müller",
            "Çiğdem 100% Sure",
            *(f"Person {n}" for n in range(4, 16)),
        ]
        leaves = ["Permits North", "Registry"]
        for n, name in enumerate(names, 1):
            language = "de" if n == 2 else "en"
            role = "clerk" if n % 3 else "inspector"
            team_id = cast(int, teams[leaves[n % 2]])
            directory.put(c, clerk(f"P{n:02}", team_id, name=name, language=language, role=role))


def released(band: str, size: str = "TENS", **values: Any) -> Cell:
    """A released cell, as it would come out of storage."""
    plain = {"band": band, "size": size, "shares": None, "rate": None, "barrier": None}
    return from_json({**plain, "themes": [], **values})


def definition(key: str = "portal") -> Definition:
    """A vision message, a pulse of a scale, a choice and a text, and two languages."""
    pulse = ["clear", "obstacle", "words"]
    return Definition.model_validate(
        {
            "initiative": {
                "key": "permits",
                "title": "One portal for every permit",
                "what": "Permits go online.",
                "why": "A permit takes 74 days, half of them waiting for post.",
                "for_whom": "Everybody",
                "sponsor": "The director",
                "goals": [{"title": "Faster", "measure": "days", "target": "74 to 45"}],
            },
            "campaign": {
                "key": key,
                "title": "Digital permits",
                "languages": ["en", "de"],
                "help_contacts": [{"name": "Advice", "contact": "extension 100"}],
                "questions": [
                    {
                        "key": "clear",
                        "kind": "scale",
                        "prompt": {"en": "I know what changes for me.", "de": "Mir ist es klar."},
                    },
                    {
                        "key": "obstacle",
                        "kind": "choice",
                        "prompt": "What is in your way?",
                        "options": [
                            {"key": "time", "label": "No time"},
                            {"key": "nothing", "label": "Nothing"},
                        ],
                    },
                    {"key": "words", "kind": "text", "prompt": "What would help you?"},
                ],
                "touchpoints": [
                    {
                        "kind": "vision",
                        "key": "why",
                        "when": {"days_after_launch": 0},
                        "title": "Why we do this",
                        "text": "Half of the time is post.\n\nThat ends.",
                        "link": "https://example.org/portal",
                    },
                    {
                        "kind": "pulse",
                        "key": "pulse",
                        "when": {"days_after_launch": 0},
                        "title": {"en": "Two minutes", "de": "Zwei Minuten"},
                        "questions": pulse,
                    },
                ],
            },
        }
    )


def asking(key: str = "portal") -> Definition:
    """The same campaign, in which people are asked to release what they wrote."""
    usual = definition(key)
    campaign = usual.campaign.model_copy(update={"learn_from_words": True})
    return usual.model_copy(update={"campaign": campaign})
