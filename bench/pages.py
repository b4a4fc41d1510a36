"""How long each page takes with the example organisation after twelve weeks.

    python -m bench.pages [sqlite:///var/demo.db]

Without an address it fills a database of its own: about 400 people, every message of the example
campaign delivered, six closed periods and three alerts. Each page is asked for 200 times in this
process. Prints a table; asserts nothing.
"""

import html
import random
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from pydantic import SecretStr

from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Application, build
from campaigns.domain.alerts import AlertKind, Finding, Strength
from campaigns.domain.confidentiality import WITHHELD, Band, Cell, Size, from_json
from campaigns.domain.reading import read
from campaigns.flows.composing import compose
from campaigns.flows.delivering import deliver_due
from campaigns.flows.enrolling import import_people
from campaigns.flows.planning import launch, plan
from campaigns.storage import alerts, campaigns, directory, mailbox, releases
from campaigns.storage.schema import upgrade
from sentiment.labels import Barrier, Theme

DEMO = Path(__file__).parent.parent / "bot" / "demo"
LAUNCH = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)
WEEKS, PERIODS, ROUNDS = 12, 6, 200
TICKS = (8, 14, 20)  # UTC hours: offices on both sides of the ocean are awake at one of them


class Clock:
    def __init__(self) -> None:
        self.moment = LAUNCH

    def __call__(self) -> datetime:
        return self.moment


def application(url: str, clock: Callable[[], datetime]) -> Application:
    settings = Settings(
        environment="demo",
        database_url=url,
        secret_key=SecretStr("bench " * 8),
        data_keys=SecretStr(Fernet.generate_key().decode()),
    )
    return build(settings, clock)


def fill(here: Application, clock: Clock) -> None:
    """Everything of twelve weeks has gone out; nobody has answered."""
    upgrade(here.database)
    import_people(here.database, (DEMO / "staff.csv").read_text("utf-8"))
    launch(here.database, read((DEMO / "campaign.yaml").read_bytes(), "campaign.yaml"), LAUNCH)
    for day in range(WEEKS * 7):
        for hour in TICKS:
            clock.moment = LAUNCH.replace(hour=hour) + timedelta(days=day)
            plan(here.database, clock.moment)
            while deliver_due(here.database, here.messenger, compose, clock.moment):
                pass
    publish(here, clock.moment)


def publish(here: Application, now: datetime) -> None:
    """Six periods of invented cells, a quarter of them withheld, and three alerts."""
    chance = random.Random(1)
    with here.database.write() as c:
        campaign, tree = campaigns.all_launched(c)[0], directory.tree(c)
        for number in range(PERIODS):
            cells = {node: _cell(chance) for node in (None, *tree.teams)}
            releases.put(c, campaign.id, number, cells, tree, now)
        for team_id in list(tree.teams)[-3:]:
            name = tree.teams[team_id].name
            found = Finding(name, AlertKind.RISING, Strength.SOME, now.date(), Size.TENS)
            alerts.put(c, campaign.id, team_id, found, now)


def _cell(chance: random.Random) -> Cell:
    if chance.random() < 0.25:
        return WITHHELD
    values = {"band": chance.choice(list(Band)).name, "size": "DOZENS", "rate": "MOST"}
    shares = [25, 20, 15, 40, 20, 30]
    themes = [theme.value for theme in chance.sample(list(Theme), 2)]
    return from_json(
        {**values, "shares": shares, "barrier": Barrier.ABILITY.value, "themes": themes}
    )


def addresses(here: Application) -> dict[str, list[str]]:
    """What each line of the table asks for."""
    with here.database.read() as c:
        people = directory.page(c, 0, ROUNDS)
        key = campaigns.all_launched(c)[0].key
        last = {one.id: mailbox.latest_change(c, one.id) for one in people}
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    polls = [
        f"/chat/{one.external_id}/updates?since={(moment - epoch) // timedelta(microseconds=1)}"
        for one in people
        if (moment := last[one.id]) is not None
    ]
    return {
        "start": ["/"],
        "staff list": ["/chat"],
        "staff search": ["/chat?q=permits"],
        "chat": [f"/chat/{one.external_id}" for one in people],
        "chat, nothing new": polls,
        "dashboard": [f"/dashboard/{key}"],
        "figures.csv": [f"/dashboard/{key}/figures.csv"],
        "ready": ["/health/ready"],
    }


def press(client: FlaskClient, address: str) -> float:
    """Seconds from a press on the first button of the page to the answer."""
    page = client.get(address).text
    forms = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    tokens = re.findall(r'name="token" value="([^"]+)"', page)
    data = {"csrf_token": html.unescape(forms[0]), "token": html.unescape(tokens[-1])}
    began = perf_counter()
    status = client.post(address, data=data | {"since": "0"}).status_code
    took = perf_counter() - began
    if status != 303:
        raise SystemExit(f"{address}: {status}")
    return took


def ask(client: FlaskClient, address: str) -> float:
    began = perf_counter()
    status = client.get(address).status_code
    took = perf_counter() - began
    if status not in (200, 204):
        raise SystemExit(f"{address}: {status}")
    return took


def line(name: str, seconds: list[float]) -> None:
    p95 = quantiles(seconds, n=20)[-1]
    print(f"{name:<20} {median(seconds) * 1000:8.1f} {p95 * 1000:8.1f}")


def main() -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        own = len(sys.argv) == 1
        here = application(f"sqlite:///{folder}/pages.db" if own else sys.argv[1], clock)
        if own:
            fill(here, clock)
        client = create_app(here).test_client()
        print(f"{'page':<20} {'p50 ms':>8} {'p95 ms':>8}")
        for name, paths in addresses(here).items():
            ask(client, paths[0])
            line(name, [ask(client, paths[n % len(paths)]) for n in range(ROUNDS)])
            if name == "chat" and own:
                line("press a button", [press(client, path) for path in paths[:50]])
        here.close()


if __name__ == "__main__":
    main()
