"""One error tree: a class has a slug and a title, and words its message from its arguments."""

# A reason stands in every answer, and what a file prints may be as long as the file.
LONGEST_REASON = 1_000


def shortened(reason: str) -> str:
    """The beginning of a reason that is too long to be shown whole."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]} …"


class AbeyanceError(Exception):
    """Anything we refuse knowingly; `slug` names it for machines, `title` for people."""

    slug = "error"
    title = "Something was refused"


class BadInputError(AbeyanceError):
    """A question or a setting that cannot be read: `field` says where, `reason` why."""

    slug = "bad-input"
    title = "The request cannot be read"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NotFoundError(AbeyanceError):
    """Nothing has that id."""

    slug = "not-found"
    title = "Nothing has that id"

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"no {what} {key!r}")
        self.what = what
        self.key = key


class ListRefusedError(AbeyanceError):
    """A list file that must not become an edition; `reason` is for the operator."""

    slug = "list-refused"
    title = "The list file was refused"

    def __init__(self, list_code: str, reason: str) -> None:
        self.list_code = list_code
        self.reason = shortened(reason)
        super().__init__(f"{list_code}: {self.reason}")


class RowRefusedError(AbeyanceError):
    """A row, record or element of a list file that cannot be read whole; `where` is its place."""

    slug = "row-refused"
    title = "A row of the list file cannot be read"

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = shortened(reason)
        super().__init__(f"{where}: {self.reason}")


class RegisterRefusedError(AbeyanceError):
    """A register file that cannot be read: names the file, the measure and the field."""

    slug = "register-refused"
    title = "The measure register cannot be read"

    def __init__(self, file: str, measure: str, field: str, reason: str) -> None:
        super().__init__(f"{file}: measure {measure}: {field}: {reason}")
        self.file = file
        self.measure = measure
        self.field = field
        self.reason = reason


class RegisterFaultyError(AbeyanceError):
    """A register with faults, each of them told apart from this."""

    slug = "register-faulty"
    title = "The measure register has faults"

    def __init__(self, faults: int) -> None:
        super().__init__(f"{faults} in all")
        self.faults = faults


class AlreadyRecordedError(AbeyanceError):
    """The very same event stands in the register already."""

    slug = "already-recorded"
    title = "The event is recorded already"

    def __init__(self, measure: str, event: str) -> None:
        super().__init__(f"measure {measure} has the event {event}")
        self.measure = measure
        self.event = event


class UnauthorisedError(AbeyanceError):
    """A request that only an operator may make came without an operator's key."""

    slug = "unauthorised"
    title = "This needs an operator's key"


class StoreUnavailableError(AbeyanceError):
    """The database does not answer."""

    slug = "store-unavailable"
    title = "The database does not answer"


class StoreReadOnlyError(StoreUnavailableError):
    """The database takes nothing new; what it has can be read."""

    slug = "store-read-only"
    title = "The database is read-only"


class StoreFullError(StoreUnavailableError):
    """The database has no room on its disk; what it has can be read."""

    slug = "store-full"
    title = "The database's disk is full"


class StoreOverloadedError(StoreUnavailableError):
    """The database is out of connections, memory or another resource but its disk."""

    slug = "store-overloaded"
    title = "The database is out of connections or memory"


class BrokenOffError(AbeyanceError):
    """Who asked went away in the middle of the question, and hears no answer."""

    slug = "broken-off"
    title = "The request was broken off"


class EmbeddedPostgresError(AbeyanceError):
    """The embedded PostgreSQL of `data_dir` cannot run; `reason` says what to do, on one line."""

    slug = "embedded-postgres"
    title = "The embedded database cannot run"

    def __init__(self, data_dir: str, reason: str) -> None:
        super().__init__(f"{data_dir} (ABEYANCE_DATA_DIR): {reason}")
        self.data_dir = data_dir
        self.reason = reason


class NotReadyError(AbeyanceError):
    """No index is loaded yet, so nothing can be searched."""

    slug = "not-ready"
    title = "Nothing can be searched yet"


class OutOfSightError(AbeyanceError):
    """The database was not seen for too long, so no answer can be complete."""

    slug = "database-out-of-sight"
    title = "The database is out of sight"


class BusyError(AbeyanceError):
    """So much of one kind waits to be done already that no more is taken in now."""

    slug = "busy"
    title = "Too much is being done now; try again in a moment"


class RefreshingElsewhereError(AbeyanceError):
    """Another process is bringing lists up to date now."""

    slug = "refreshing-elsewhere"
    title = "Another process is refreshing the lists now"


class FetchFailedError(AbeyanceError):
    """A publisher's file could not be brought here whole."""

    slug = "fetch-failed"
    title = "The list could not be downloaded"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class RemoteFailedError(AbeyanceError):
    """A service elsewhere does not answer, or answers what no service of ours does."""

    slug = "remote-failed"
    title = "The service cannot be asked"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class RemoteRefusedError(AbeyanceError):
    """A service elsewhere refuses a question; `field` names what of it, if the answer does."""

    slug = "remote-refused"
    title = "The service refuses the question"

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason if field is None else f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ChangedMeanwhileError(AbeyanceError):
    """What a screening of a table began with is not what it would go on with."""

    slug = "changed-meanwhile"
    title = "The screening cannot go on where it was"

    def __init__(self, journal: str, what: str) -> None:
        super().__init__(f"{what}; start anew with --restart ({journal})")
        self.journal = journal
        self.what = what
