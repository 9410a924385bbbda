"""The outcome of a piece of work, as the child process sends it to its parent."""

from typing import Literal

import msgspec

from service.errors import AbeyanceError, BadInputError, ListRefusedError, RowRefusedError

RefusedAs = Literal["bad-input", "list-refused", "row-refused"]


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
