"""A question in lines, as a page, a print and a sheet show it: every field that says something."""

import msgspec

from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.screening.question_record import NOT_KEPT, QuestionRecord
from abeyance_screening.primitives.structs import leaves_of


class QuestionLine(msgspec.Struct, frozen=True):
    """A field of a question by its path, and what it says."""

    field: str
    value: str


class QuestionText(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a question in lines: as sent, as read, and what it was answered from.

    Without a record these are empty, and `missing` says so.
    """

    sent: tuple[QuestionLine, ...] = ()
    read: tuple[QuestionLine, ...] = ()
    basis: tuple[QuestionLine, ...] = ()
    missing: str | None = None


def question_text(record: QuestionRecord | None) -> QuestionText:
    """Return the record of a question in lines; `counterparty_text` has those of a party."""
    if record is None:
        return QuestionText(missing=NOT_KEPT)
    basis = record.basis
    editions = (*basis.editions, *basis.earlier_editions)
    rest = msgspec.structs.replace(basis, editions=(), earlier_editions=())
    return QuestionText(
        sent=_lines(record.sent),
        read=_lines(record.read),
        basis=(
            *_lines(rest),
            *(
                QuestionLine(
                    f"{each.list_code}, from {each.source}",
                    f"edition {each.edition}, SHA-256 {each.sha256}",
                )
                for each in dict.fromkeys(editions)
            ),
        ),
    )


def counterparty_text(asked: Counterparty | None) -> tuple[QuestionLine, ...]:
    """Return a counterparty in lines, as it was sent; nothing where that was not kept."""
    return () if asked is None else _lines(asked)


def _lines(value: msgspec.Struct) -> tuple[QuestionLine, ...]:
    return tuple(QuestionLine(*each) for each in leaves_of(value))
