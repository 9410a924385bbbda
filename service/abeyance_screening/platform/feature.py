"""What a feature registers: the application, the desk and the command line are made of these.

Everything is named as text and imported by those who use it, so that the command line lists all
commands without importing any, which would take seconds.
"""

from typing import NamedTuple


class CommandEntry(NamedTuple):
    """A command by its words (`register add`), the module of its function, its line of help."""

    words: str
    module: str
    line: str


class Feature(NamedTuple):
    """A feature: a folder of `features`, by all that the rest of the program knows of it.

    `routes` and `pages` name tuples of handlers as `module:NAME`; each handler says itself which
    scope it needs and what the audit log says of it. `navigation` has the path and the title of
    each page that the navigation shows. The function of a command has the name of its last word.
    """

    routes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    navigation: tuple[tuple[str, str], ...] = ()
    commands: tuple[CommandEntry, ...] = ()
