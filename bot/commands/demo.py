"""`bellwether demo` and `bellwether replay`: months of change lived through in minutes.

Both go the way of real life: staff are imported, a campaign is launched, simulated time moves, and
people press buttons in the browser chat, where the person at the keyboard can join at any moment.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.commands.files import read_bytes

if TYPE_CHECKING:
    from bot.stage import Stage

DEMO_FOLDER = Path(__file__).parent.parent / "demo"
LAUNCHED_AT = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)  # a Monday morning
WEEKS = 12
# The last period has been closed, and one more pulse is open for the person at the keyboard.
ENDS_AT = LAUNCHED_AT + timedelta(weeks=WEEKS, days=1, hours=2)
SEED = 20270111
MOST_BYTES = 1_000_000_000  # of a file; it is held in memory

Seconds = Annotated[float, typer.Option(min=0, help="Real time that it takes, at least.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the pages; 0: any.")]
Leave = Annotated[bool, typer.Option("--leave", help="End when it is over instead of staying up.")]


def demo(seconds: Seconds = 110, port: Port = None, leave: Leave = False) -> None:
    """Twelve weeks at an invented agency that introduces a permits portal, in two minutes."""
    stage = live_through_demo(seconds, port)
    Console().print(last_words(stage))
    stage.close() if leave else stage.stay_open()


def last_words(stage: "Stage") -> str:
    """Where to look once the twelve weeks are over, and at what."""
    return (
        f"Open {stage.address}/dashboard and look at the three teams that turned against the "
        "portal, and at what their change agents were told in the chat."
    )


def live_through_demo(seconds: float, port: int | None) -> "Stage":
    """The stage after the last week of the example campaign, with its pages still up."""
    from bot.demo.agents import Agents
    from bot.demo.cast import Cast
    from bot.demo.comms import Comms
    from bot.stage import Stage, settings_for
    from campaigns.domain.reading import read
    from campaigns.flows.enrolling import import_people
    from campaigns.flows.planning import launch
    from campaigns.storage import directory

    console = Console()
    stage = Stage(settings_for("demo", port), LAUNCHED_AT)
    console.print(f"The pages are up at {stage.address}: join in whenever you like.")
    database = stage.application.database
    staff = (DEMO_FOLDER / "staff.csv").read_bytes()
    import_people(database, staff, dry_run=False, skip_bad=False)
    definition = read((DEMO_FOLDER / "campaign.yaml").read_text(encoding="utf-8"), "campaign.yaml")
    launch(database, definition, LAUNCHED_AT)
    with database.read() as connection:
        people = list(directory.everyone(connection))
        teams = {team.id: team.name for team in directory.tree(connection).teams.values()}
    rows = Cast(people, teams, SEED).rows(LAUNCHED_AT, WEEKS)
    agents = Agents(database, stage.application.conversation)
    comms = Comms(database, definition.campaign.key)

    def beside(now: datetime) -> None:
        agents.look(now)
        comms.look(now)

    stage.live_through(rows, ENDS_AT, seconds, console, beside)
    return stage


def replay(
    file: Annotated[Path, typer.Argument(help="Answers, one JSON object a line.")],
    people: Annotated[Path | None, typer.Option(help="Staff file (CSV).")] = None,
    campaign: Annotated[Path | None, typer.Option(help="Campaign file (YAML).")] = None,
    seconds: Seconds = 0,
    port: Port = None,
    leave: Leave = False,
) -> None:
    """Any file of answers, lived through as if it happened now: chat, scores, alerts, pages.

    A line is {"person", "at", "team", and either "question" with "text" or "scale", or "answers"
    with the campaign's question keys}. Staff and campaign are made up where none are named.
    """
    from bot.answer_file import read as read_answers
    from bot.improvising import Improvised
    from bot.stage import Stage, settings_for
    from campaigns.domain.reading import read
    from campaigns.flows.enrolling import import_people
    from campaigns.flows.planning import launch

    lines = read_answers(read_bytes(file, MOST_BYTES, "a file of answers"), file.name)
    improvised = Improvised(lines)
    if campaign is None:
        definition, rows = improvised.definition(file.stem), improvised.rows()
    else:
        definition = read(read_bytes(campaign, MOST_BYTES, "a campaign"), campaign.name)
        rows = [line.as_row() for line in lines]
    staff = improvised.staff_csv()
    if people is not None:
        staff = read_bytes(people, MOST_BYTES, "a staff file")
    stage, console = Stage(settings_for("replay", port), improvised.starts_at), Console()
    console.print(f"The pages are up at [link]{stage.address}[/link].")
    import_people(stage.application.database, staff, dry_run=False, skip_bad=False)
    launch(stage.application.database, definition, improvised.starts_at)
    played = stage.live_through(rows, improvised.ends_at, seconds, console)
    console.print(
        f"{played.played} lines were replayed, {played.left_out + played.waiting} found no open "
        f"question. Look at {stage.address}/dashboard/{definition.campaign.key}."
    )
    stage.close() if leave else stage.stay_open()
