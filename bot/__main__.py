"""The command line, `bellwether`: it only names the commands; each lives in `bot.commands`.

One of the four edges: what was foreseen is told in a sentence, what was not is logged by its kind.
"""

import sys

import typer
from rich.console import Console

from bot.commands import audit, campaign, demo, ledger, model, people, score, serve, service
from campaigns.errors import BellwetherError
from sentiment.errors import SentimentError

app = typer.Typer(
    name="bellwether",
    help="Chat bot and console for organisations in the middle of a change.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print locals, and locals hold people's words
    add_completion=False,
)
app.command()(demo.demo)
app.command()(demo.replay)
app.command()(serve.serve)
app.command()(service.migrate)
app.command()(service.doctor)
app.command(name="secrets")(service.secrets)
app.command()(score.score)
app.add_typer(people.app, name="people")
app.add_typer(campaign.app, name="campaign")
app.add_typer(ledger.app, name="ledger")
app.add_typer(model.app, name="model")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run one command; the exit code is 2 where something given to it was wrong."""
    try:
        app()
    except (BellwetherError, SentimentError) as error:
        Console(stderr=True).print(str(error), markup=False, soft_wrap=True, style="red")
        sys.exit(2)
    except Exception as error:
        if told := _database_trouble(error):
            Console(stderr=True).print(told, markup=False, soft_wrap=True, style="red")
            sys.exit(2)
        place = _last_own_line(error)
        Console(stderr=True).print(
            f"This is a bug in Bellwether: {type(error).__name__} at {place}. Nothing of what you "
            "gave was printed; please report this line.",
            markup=False,
            soft_wrap=True,
        )
        sys.exit(70)


def _database_trouble(error: Exception) -> str | None:
    from campaigns.storage.database import trouble  # not needed by `--help`

    return trouble(error)


def _last_own_line(error: Exception) -> str:
    trace = error.__traceback__
    place = "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
