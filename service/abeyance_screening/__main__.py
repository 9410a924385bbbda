"""The command `abeyance`, also available as `python -m abeyance_screening`."""

from abeyance_screening.app.command_line import run


def main() -> None:
    """Run the command line."""
    run()


if __name__ == "__main__":
    main()
