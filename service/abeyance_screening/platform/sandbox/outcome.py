"""Kinds of work, and the outcome of a piece of it, as the child process sends it to its parent.

Work whose request and result may be of any size gets and gives them in frames: the length in four
bytes, then as many bytes. An empty frame ends the request, or the result; the outcome follows.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    ListRefusedError,
    RowRefusedError,
    StrangePageError,
)

WORK: Mapping[str, str] = MappingProxyType(
    {
        "evidence": "abeyance_screening.features.evidence.document:write_pdf",
        "history": "abeyance_screening.platform.sandbox.list_work:read_history",
        "job_file": "abeyance_screening.features.jobs.sandbox_work:write_results",
        "job_rows": "abeyance_screening.features.jobs.sandbox_work:read_rows",
        "saved_results": "abeyance_screening.features.tables.files:write_saved",
        "lists": "abeyance_screening.platform.sandbox.list_work:read_list",
        "own_list": "abeyance_screening.platform.sandbox.list_work:read_own_list",
        "parties": "abeyance_screening.engine.screening.parties.join:join_parties",
        "results": "abeyance_screening.features.tables.files:file_of_lines",
        "tables": "abeyance_screening.features.tables.files:read_file_request",
    }
)
"""The function of each kind of work, from bytes to bytes or from pieces to pieces.

Its module is imported only by the process that does the work.
"""

RefusedAs = Literal["bad-input", "list-refused", "row-refused", "strange-page"]


class Success(msgspec.Struct, frozen=True, tag=True):
    """Work that succeeded, with its result as bytes."""

    content: bytes


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """An expected error: its kind, and the two texts from which it is built again."""

    kind: RefusedAs
    where: str
    reason: str


class Broken(msgspec.Struct, frozen=True, tag=True):
    """A bug or a lack of memory: the class of the error and its place, never its text."""

    error: str
    place: str


type Outcome = Success | Refusal | Broken


def refused_by(error: AbeyanceError) -> Refusal | None:
    """Return the refusal to send for an expected error; None for one that no reader raises."""
    match error:
        case BadInputError():
            return Refusal("bad-input", error.field, error.reason)
        case StrangePageError():
            return Refusal("strange-page", error.list_code, error.reason)
        case ListRefusedError():
            return Refusal("list-refused", error.list_code, error.reason)
        case RowRefusedError():
            return Refusal("row-refused", error.where, error.reason)
        case _:
            return None


def error_of(refused: Refusal) -> AbeyanceError:
    """Return the error that was raised in the child process."""
    match refused.kind:
        case "bad-input":
            return BadInputError(refused.where, refused.reason)
        case "list-refused":
            return ListRefusedError(refused.where, refused.reason)
        case "row-refused":
            return RowRefusedError(refused.where, refused.reason)
        case "strange-page":
            return StrangePageError(refused.where, refused.reason)
