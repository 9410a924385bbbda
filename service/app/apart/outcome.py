"""How a piece of work ended, as the process that did it tells the one that asked."""

from typing import Literal

import msgspec

from service.errors import AbeyanceError, BadInputError, ListRefusedError, RowRefusedError

RefusedAs = Literal["bad-input", "list-refused", "row-refused"]


class Success(msgspec.Struct, frozen=True, tag=True):
    """It is done; `content` is what came out."""

    content: bytes


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """What was to be read is refused knowingly: which error, and the two texts it is made of."""

    kind: RefusedAs
    where: str
    reason: str


class Broken(msgspec.Struct, frozen=True, tag=True):
    """A bug, or no memory was left: the class of the error and its place, never its text."""

    error: str
    place: str


type Outcome = Success | Refusal | Broken


def refused_by(error: AbeyanceError) -> Refusal | None:
    """A knowing refusal as it is passed on; None for an error that no reader raises."""
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
    """The very error that was raised in the other process."""
    match refused.kind:
        case "bad-input":
            return BadInputError(refused.where, refused.reason)
        case "list-refused":
            return ListRefusedError(refused.where, refused.reason)
        case "row-refused":
            return RowRefusedError(refused.where, refused.reason)
