"""Runs `bellwether score` with the fake model in a process of its own: to be killed or measured."""

import resource
import sys
from pathlib import Path

from tests.bot.scored import scored


def main() -> None:
    """Scores argv[1] into argv[2]; prints the largest memory in KB."""
    scored(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


if __name__ == "__main__":
    main()
