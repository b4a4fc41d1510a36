"""The foreign Slack, running as long as the tests of one file."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.foreign import emulate
from tests.foreign.server import PEOPLE, TOKENS, Foreign


@pytest.fixture(scope="module")
def foreign() -> Iterator[Foreign]:
    """Where it is not installed, these tests are skipped, and the end of the run says so."""
    folder = Path(mkdtemp(prefix="bw-foreign-"))
    try:
        with emulate.running(folder, PEOPLE, TOKENS) as api_url:
            yield Foreign(api_url)
    except FileNotFoundError:
        pytest.skip(emulate.MISSING)
    finally:
        shutil.rmtree(folder)
