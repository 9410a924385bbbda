"""The command `abeyance`, also as `python -m service`."""

from service.cli import run


def main() -> None:
    """Runs the command line."""
    run()


if __name__ == "__main__":
    main()
