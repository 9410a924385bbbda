"""What an answer comes from, gathered for the record of its question."""

import hashlib
from collections.abc import Collection

import msgspec

from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.screening.applicable_versions import EditionsOfDay
from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.engine.screening.question_record import (
    AnswerBasis,
    BasisEdition,
    BasisRegister,
)


def basis_of(
    coverage: Coverage,
    editions: tuple[EditionsOfDay, EditionsOfDay | None],
    splits: tuple[PartySplit, ...],
    register: BasisRegister,
    version: str,
) -> AnswerBasis:
    """Return what an answer comes from; `editions` are those of its day and of the day `since`."""
    codes = [each.code for each in coverage.lists]
    of_day, of_earlier_day = editions
    return AnswerBasis(
        editions=_of_lists(of_day, codes),
        earlier_editions=() if of_earlier_day is None else _of_lists(of_earlier_day, codes),
        required=tuple(each.code for each in coverage.lists if each.role == "required"),
        profile=coverage.profile,
        joins=hashlib.sha256(msgspec.json.encode(splits)).hexdigest(),
        register=register,
        scorer=SCORER_VERSION,
        version=version,
    )


def _of_lists(editions: EditionsOfDay, codes: Collection[str]) -> tuple[BasisEdition, ...]:
    """Return the editions of some lists, in the order of their codes and sources."""
    found = sorted(editions.by_source.items())
    return tuple(BasisEdition.of(each) for (code, _), each in found if code in codes)
