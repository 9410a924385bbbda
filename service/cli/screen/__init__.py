"""`abeyance screen`: names or a whole table, on this machine's data or a service elsewhere."""

from service.cli.screen.command import screen

__all__ = ["screen"]
