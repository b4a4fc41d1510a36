"""What a stop tells on the command line."""

from datetime import UTC, datetime

from rich.console import Console

from bot.commands.stopped import tell_stopped
from campaigns.flows.planning import Stopped
from campaigns.storage.backlog import Gone


def test_stop_tells_what_had_gone_out_and_what_is_not_certain() -> None:
    console = Console(record=True, width=100)
    gone = (Gone("why-portal", 1397, datetime(2027, 1, 12, 9, 4, 5, tzinfo=UTC)),)
    tell_stopped(console, "permits", Stopped(1200, 1, gone, n_underway=50, n_in_doubt=2))
    said = console.export_text()
    assert "permits is stopped. 1,200 messages that waited won't be sent." in said
    assert "why-portal     1,397  2027-01-12 09:04:05" in said
    assert "50 were about to be sent" in said
    assert "2 are in doubt" in said
