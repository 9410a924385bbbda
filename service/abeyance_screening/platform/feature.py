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

    The rest are named as `module:NAME` too. All but `examples` are functions, and of these all but
    `retention` take `ServiceParts`.

    Attributes:
        named_by_callers: Paths below which everything, also `/`, is one id that a caller gave.
        dependencies: Returns what handlers receive by the names of parameters, a `Provide` each.
        lifespan: An asynchronous context manager, which prepares the feature before the first
            request, and leaves nothing open after the last one.
        retention: Deletes what is kept no longer; asynchronous, takes `Tidying`.
        metrics: Returns what `/metrics` says of the feature at the moment; asynchronous.
        examples: A tuple of `Exchange`, one for each operation of its routes. Only what writes
            and checks the API document imports them.
    """

    routes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    navigation: tuple[tuple[str, str], ...] = ()
    commands: tuple[CommandEntry, ...] = ()
    named_by_callers: tuple[str, ...] = ()
    dependencies: str | None = None
    lifespan: str | None = None
    retention: str | None = None
    metrics: str | None = None
    examples: str | None = None
