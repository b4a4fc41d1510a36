"""Drawing leaves nothing behind that later imports would stumble over."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["bot.calendar_chart", "bot.model_charts", "bot.web.charts"])
def test_an_import_warns_of_nothing_when_something_was_drawn_before(module: str) -> None:
    lines = (
        f"import {module}, contextlib, warnings",
        "warnings.simplefilter('error')",
        "with contextlib.suppress(ModuleNotFoundError): import nobody_has_this",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)
