"""The command `abeyance`, also available as `python -m abeyance_screening`."""

import sys

from abeyance_screening.app.command_line import run
from abeyance_screening.platform.child_process import end_with_supervisor
from abeyance_screening.primitives.processes import STARTING


def main() -> None:
    """Run the command line; a command that another process supervises ends with that."""
    end_with_supervisor()
    if sys.argv[1:2] == ["serve"]:
        STARTING.begin()
    run()


if __name__ == "__main__":
    main()
