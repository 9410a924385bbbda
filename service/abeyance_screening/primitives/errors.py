"""The error tree: each class has a slug and a title, and builds its message from its arguments."""

from collections.abc import Sequence
from datetime import date

# In characters. A reason may quote a file, whose text can be as long as the file itself.
LONGEST_REASON = 1_000


def shortened(reason: str) -> str:
    """Return a reason cut to `LONGEST_REASON` characters, with an ellipsis if it was longer."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]} …"


class AbeyanceError(Exception):
    """An expected error; `slug` names its kind for programs, `title` for people."""

    slug = "error"
    title = "Something was refused"


class BadInputError(AbeyanceError):
    """A question or a setting that cannot be read: `field` names the place, `reason` the cause."""

    slug = "bad-input"
    title = "The request cannot be read"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def needs_extra(extra: str) -> str:
    """Return the reason of what needs libraries of an extra that are not installed, with a cure.

    The cure names a clone: on package indexes, `abeyance` is the name of another program.
    """
    return (
        f"needs the extra `{extra}`, which is not installed: in a clone of Abeyance, "
        f"`uv sync --extra {extra}` installs it"
    )


# What is looked up by a name that people gave it; everything else has an id.
_CALLED = {"file", "list", "problem"}


class NotFoundError(AbeyanceError):
    """An id or code that does not exist; `what` is the kind of thing, `key` the id given."""

    slug = "not-found"
    title = "Nothing has that name or id"

    def __init__(self, what: str, key: str) -> None:
        is_called = " is called" if what in _CALLED else ""
        super().__init__(f"no {what}{is_called} {key!r}")
        self.what = what
        self.key = key


def _with_detail(reason: str, detail: str | None) -> str:
    return reason if detail is None else f"{reason} ({detail})"


class ListRefusedError(AbeyanceError):
    """A list file that must not become an edition.

    `reason` is read by everybody who asks about the list. `in_full` is for operators: it has the
    `detail` too, such as the address of a page.
    """

    slug = "list-refused"
    title = "The list file was refused"

    def __init__(self, list_code: str, reason: str, detail: str | None = None) -> None:
        self.list_code = list_code
        self.reason = shortened(reason)
        self.in_full = _with_detail(self.reason, detail)
        super().__init__(f"{list_code}: {self.in_full}")


STRANGE = "without a title, a heading or a column of the list, such as a captcha or a notice"
"""What is wrong with a page in place of a list's file that has nothing of it."""


class StrangePageError(ListRefusedError):
    """A page in place of a list's file that has nothing of it, such as a captcha."""


class RowRefusedError(AbeyanceError):
    """A row, record or element of a list file that cannot be read; `where` is its place."""

    slug = "row-refused"
    title = "A row of the list file cannot be read"

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = shortened(reason)
        super().__init__(f"{where}: {self.reason}")


class RegisterRefusedError(AbeyanceError):
    """A register file that cannot be read, with the file, measure and field at fault."""

    slug = "register-refused"
    title = "The measure register cannot be read"

    def __init__(self, file: str, measure: str, field: str, reason: str) -> None:
        super().__init__(f"{file}: measure {measure}: {field}: {reason}")
        self.file = file
        self.measure = measure
        self.field = field
        self.reason = reason


class RegisterFaultyError(AbeyanceError):
    """A register with faults; each fault is reported separately, this is their number."""

    slug = "register-faulty"
    title = "The measure register has faults"

    def __init__(self, faults: int) -> None:
        super().__init__(f"{faults} in all")
        self.faults = faults


class BundleRefusedError(AbeyanceError):
    """A register bundle that must not be used: the `part` at fault, and the `reason`."""

    slug = "bundle-refused"
    title = "The register bundle was refused"

    def __init__(self, part: str, reason: str) -> None:
        self.part = part
        self.reason = shortened(reason)
        super().__init__(f"{part}: {self.reason}")


class AlreadyRecordedError(AbeyanceError):
    """An event that the register already holds."""

    slug = "already-recorded"
    title = "The event is already recorded"

    def __init__(self, measure: str, event: str) -> None:
        super().__init__(f"measure {measure} has the event {event}")
        self.measure = measure
        self.event = event


class ScreeningHeldError(AbeyanceError):
    """A screening that cannot be deleted, because somebody holds it as evidence."""

    slug = "screening-held"
    title = "The screening is held"

    def __init__(self, screening: str) -> None:
        super().__init__(
            f"screening {screening} is held as evidence; whoever may hold it releases it first"
        )
        self.screening = screening


class AlertChangesError(AbeyanceError):
    """An alert that is about other changes than whoever is done with it has seen."""

    slug = "alert-changes"
    title = "The alert is about other changes"

    def __init__(self, alert: int, changes: int) -> None:
        super().__init__(
            f"alert {alert} is about {changes:,} change{'' if changes == 1 else 's'}; "
            "`changes` says about how many you have seen"
        )


class CounterpartyHeldError(AbeyanceError):
    """A counterparty that cannot be deleted: a screening about it is held as evidence.

    `screening` is the one that was held first, `by` whoever holds it, `since` the day.
    """

    slug = "counterparty-held"
    title = "The counterparty is held"

    def __init__(self, screening: str, by: str, since: date, holds: int) -> None:
        more = "" if holds == 1 else f", and {holds - 1:,} more"
        super().__init__(
            f"{by} holds screening {screening} about it as evidence since {since}{more}; whoever "
            "may hold releases it first"
        )
        self.screening = screening
        self.by = by
        self.since = since


class LastKeyError(AbeyanceError):
    """A revocation of the last key that works with a scope by which people manage the service."""

    slug = "last-key"
    title = "It is the last key of its kind"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"no other key with the scope `{scope}` works, and nobody could make one; make "
            "another key first"
        )
        self.scope = scope


class RevisionDiffersError(AbeyanceError):
    """A change of something that is in another `revision` by now; None for nothing there."""

    slug = "revision-differs"
    title = "It was changed meanwhile"

    def __init__(self, revision: int | None) -> None:
        there = "there is none" if revision is None else f"it is in revision {revision}"
        super().__init__(f"{there}, and not in the one that `If-Match` names")
        self.revision = revision


class KeyReusedError(AbeyanceError):
    """An `Idempotency-Key` that came before with another request."""

    slug = "idempotency-key-reused"
    title = "Idempotency-Key is already used"


class RequestOutstandingError(AbeyanceError):
    """A request that comes again while the first one with its `Idempotency-Key` still runs."""

    slug = "request-outstanding"
    title = "A request is outstanding for this Idempotency-Key"


class UnauthorisedError(AbeyanceError):
    """A request that needs a key, without one or with one that does not work."""

    slug = "unauthorised"
    title = "This needs a key"


class WrongKeyError(UnauthorisedError):
    """A key that does not work: `why` in a word for the log, and the id of a known `key`."""

    def __init__(self, reason: str, why: str = "wrong_key", key: int | None = None) -> None:
        super().__init__(reason)
        self.why = why
        self.key = key


class ForbiddenError(AbeyanceError):
    """A request that the key it came with may not make."""

    slug = "forbidden"
    title = "The key may not do this"


class OwnDecisionError(ForbiddenError):
    """An approval by somebody who may be the person who asked; `asked_by` is that one's name."""

    title = "This takes a second person"

    def __init__(self, asked_by: str) -> None:
        super().__init__(
            f"what {asked_by} decided is approved by another person: by a name that cannot be "
            "taken for theirs, and not with a key that either has made or replaced for the other"
        )
        self.asked_by = asked_by


class LoginNeededError(UnauthorisedError):
    """A request without a key or a login, to a service where people log in."""

    title = "This needs a login or a key"


class RoleLackedError(ForbiddenError):
    """A person who logged in and whose roles do not allow what they ask; `contact` may change it.

    `name` is the person's, `lacking` what they would need.
    """

    slug = "role-lacked"
    title = "Your roles do not allow this"

    def __init__(self, name: str, lacking: str, contact: str) -> None:
        super().__init__(f"{name} {lacking}; ask {contact}")
        self.name = name
        self.lacking = lacking
        self.contact = contact


class ForgedHeaderError(ForbiddenError):
    """A request that says by a header who has logged in, and does not come from the proxy."""

    slug = "forged-header"
    title = "Only the proxy may say who has logged in"


class ForeignSiteError(ForbiddenError):
    """A change that a page of another site has a browser send."""

    slug = "foreign-site"
    title = "Another site sent this request"


class LoginRefusedError(ForbiddenError):
    """A return from the login service that proves nothing; `reason` is a word for the log."""

    slug = "login-refused"
    title = "The login failed"

    def __init__(self, detail: str, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


class ProviderFailedError(AbeyanceError):
    """A login service that does not answer, or whose answers cannot be used."""

    slug = "provider-failed"
    title = "The login service gives no usable answer"


class QuotaExceededError(AbeyanceError):
    """A request beyond what its caller may ask: the `policies`, and when to ask again."""

    slug = "quota-exceeded"
    title = "That is more than this caller may ask"

    def __init__(self, policies: Sequence[str], retry_after_s: int) -> None:
        super().__init__(
            f"no more {' and '.join(policies)} for now; ask again in {retry_after_s:,} s"
        )
        self.policies = tuple(policies)
        self.retry_after_s = retry_after_s


class ElsewhereError(ForbiddenError):
    """A key, known by its id `key`, from a network from which it is not taken."""

    why = "key_elsewhere"

    def __init__(self, reason: str, key: int | None) -> None:
        super().__init__(reason)
        self.key = key


class StoreUnavailableError(AbeyanceError):
    """A database that does not answer."""

    slug = "store-unavailable"
    title = "The database does not answer"


class StoreReadOnlyError(StoreUnavailableError):
    """A database that accepts no writes; its data can still be read."""

    slug = "store-read-only"
    title = "The database is read-only"


class StoreFullError(StoreUnavailableError):
    """A database whose disk is full; its data can still be read."""

    slug = "store-full"
    title = "The database's disk is full"


class StoreOverloadedError(StoreUnavailableError):
    """A database that is out of connections, memory or any other resource except disk space."""

    slug = "store-overloaded"
    title = "The database is out of connections or memory"


class BrokenOffError(AbeyanceError):
    """A request whose client disconnected before sending all of it, and receives no answer."""

    slug = "broken-off"
    title = "The client closed the connection"


class TooMuchWorkError(AbeyanceError):
    """A question whose answer takes more CPU than one request may take, of `seconds` in all.

    `done` of its `parties` were answered by then; None where it has no parties to leave out.
    """

    slug = "too-much-work"
    title = "The answer takes too long"

    def __init__(self, seconds: float, done: int | None = None, parties: int = 0) -> None:
        what = "ask less at once, with shorter names, or with a higher threshold or a lower limit"
        if done is not None:
            what = (
                f"{done:,} of {parties:,} counterparties were answered by then: send at most "
                f"{max(1, done * 3 // 4):,} of them at once"
            )
        super().__init__(f"it takes more than {seconds:g} s of computing; {what}")
        self.seconds = seconds


class EmbeddedPostgresError(AbeyanceError):
    """An embedded PostgreSQL that cannot run in `data_dir`; `reason` is a line with the remedy."""

    slug = "embedded-postgres"
    title = "The embedded database cannot run"

    def __init__(self, data_dir: str, reason: str) -> None:
        super().__init__(f"{data_dir} (ABEYANCE_DATA_DIR): {reason}")
        self.data_dir = data_dir
        self.reason = reason


class NotReadyError(AbeyanceError):
    """A question asked before the first index is loaded."""

    slug = "not-ready"
    title = "Nothing can be searched yet"


class OutOfSightError(AbeyanceError):
    """A database that has been unreachable for too long, so that no answer can be complete."""

    slug = "database-out-of-sight"
    title = "The database has been unreachable for too long"


class BusyError(AbeyanceError):
    """A queue that is full; the request can be repeated later."""

    slug = "busy"
    title = "The service is busy; try again in a moment"


class RefreshingElsewhereError(AbeyanceError):
    """A refresh that cannot begin because another process is refreshing the lists."""

    slug = "refreshing-elsewhere"
    title = "Another process is refreshing the lists"


class FetchFailedError(AbeyanceError):
    """A publisher's file that could not be downloaded completely.

    `reason` is read by everybody who asks about the list: it has no address, and no words of the
    network. `in_full` is for operators and has the `detail` too, the text of the error also the
    address.
    """

    slug = "fetch-failed"
    title = "The list could not be downloaded"

    def __init__(self, url: str, reason: str, detail: str | None = None) -> None:
        self.url = url
        self.reason = reason
        self.detail = detail
        self.in_full = _with_detail(reason, detail)
        super().__init__(f"{url}: {self.in_full}")


class RemoteFailedError(AbeyanceError):
    """A remote service that does not answer, or whose answer is not one of Abeyance."""

    slug = "remote-failed"
    title = "The service gave no usable answer"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class RemoteRefusedError(AbeyanceError):
    """A question that a remote service refuses; `field` is the one at fault, if it names one."""

    slug = "remote-refused"
    title = "The service refused the question"

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason if field is None else f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ProblemError(AbeyanceError):
    """A problem that the API of this process answers with, by the title that it has."""

    slug = "problem"

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(detail)
        self.title = title


class ClusterFailedError(AbeyanceError):
    """The workers that parts of a table were given to did not screen them."""

    slug = "cluster-failed"
    title = "The table was not screened to its end"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}; run the same command again to go on")
        self.reason = reason


class ChangedMeanwhileError(AbeyanceError):
    """A screening of a table that cannot be resumed, because something changed since it began."""

    slug = "changed-meanwhile"
    title = "The screening cannot be resumed"

    def __init__(self, journal: str, what: str) -> None:
        super().__init__(f"{what}; start again with --restart ({journal})")
        self.journal = journal
        self.what = what
