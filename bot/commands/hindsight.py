"""`bellwether campaign hindsight`: the alerts that other budgets would have made."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def hindsight(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The campaign's key.")],
) -> None:
    """Show how many alerts a campaign would have had so far with other BELLWETHER_FALSE_ALARMS.

    Goes through the closed weeks anew; counts only, of no team by name, and before the cap on
    alerts per agent. Beside them stands what agents found who closed an alert of the same team.
    """
    from bot.settings import Settings
    from bot.wiring import build
    from campaigns.domain.audit import COMMAND_LINE, Deed
    from campaigns.flows import auditing
    from campaigns.flows.hindsight import hindsight as look_back
    from campaigns.storage.schema import require_current
    from sentiment.watch import BUDGETS, TeamDetector

    settings = Settings.load()
    with closing(build(settings)) as application:
        database = application.database
        require_current(database)
        confusion = application.work.detector.confusion
        detectors = [TeamDetector(confusion, teams_a_year) for teams_a_year in BUDGETS]
        found = look_back(database, application.vault, key, detectors)
        auditing.note(database, COMMAND_LINE, Deed.SAW_FIGURES, application.now(), key)
    table = Table("false alarms", box=None, padding=(0, 2, 0, 0))
    for title in ("alerts", "something behind it", "nothing behind it", "not known"):
        table.add_column(title, justify="right")
    for teams_a_year, one in zip(BUDGETS, found, strict=True):
        used = " (in use)" if teams_a_year == settings.teams_per_false_alarm else ""
        n_unknown = one.n_alerts - one.n_true - one.n_false
        counts = (one.n_alerts, one.n_true, one.n_false, n_unknown)
        table.add_row(f"one per {teams_a_year} teams a year{used}", *(f"{n:,}" for n in counts))
    Console(highlight=False).print(table)
