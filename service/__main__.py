"""The command `abeyance`, also available as `python -m service`."""

from service.cli import run


def main() -> None:
    """Run the command line."""
    run()


if __name__ == "__main__":
    main()
