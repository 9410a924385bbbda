"""`abeyance screen`: screen names or a table, with this machine's data or a remote service."""

from service.cli.screen.command import screen

__all__ = ["screen"]
