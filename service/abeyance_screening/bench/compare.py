"""`abeyance compare`: score pairs of names."""

import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

import click
import msgspec

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.names.form import normalise_all
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import score_forms
from abeyance_screening.engine.screening.field.parts import read_field
from abeyance_screening.engine.screening.name_variants import question_forms
from abeyance_screening.platform.cli.options import examples
from abeyance_screening.primitives.errors import RowRefusedError
from abeyance_screening.primitives.faults import in_words

# The names whose comparison forms are cached: most pairs repeat one of their two names.
_KEPT_FORMS = 50_000


class ComparedPair(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a line that are read; all other fields are printed unchanged."""

    query: str
    candidate: str
    query_type: EntityType | None = None
    candidate_type: EntityType | None = None
    query_country: str | None = None
    candidate_country: str | None = None


_PAIR = msgspec.json.Decoder(ComparedPair)
_LINE = msgspec.json.Decoder(dict[str, msgspec.Raw])


@click.command(epilog=examples("abeyance compare pairs.jsonl > scored.jsonl"))
@click.argument("pairs", type=click.File("rb"))
def compare(pairs: BinaryIO) -> None:
    """Score pairs of names.

    PAIRS has one JSON object a line, with `query` and `candidate`; - is standard input. Each line
    is printed with all its fields and its `score` in [0, 1] added. At the end, the number of lines
    a second of CPU is on standard error.

    A line may also have `query_type` and `candidate_type` (person, organisation, vessel,
    aircraft), `query_country` and `candidate_country` (ISO codes or English names). The types
    count as in a screening, where a firm with only some of a person's names scores less. The
    countries are checked but do not change the score: they only re-order hits.
    """
    out = sys.stdout.buffer
    started = time.process_time()
    count = 0
    for line in _scored(pairs):
        out.write(line)
        count += 1
    out.flush()
    rate = count / max(time.process_time() - started, 1e-9)
    click.echo(f"{count:,} lines, {rate:,.0f} a second of CPU", err=True)


def _scored(lines: BinaryIO) -> Iterator[bytes]:
    """Yield each line with its score, without blank lines."""
    encoder = msgspec.json.Encoder()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                pair, whole = _PAIR.decode(line), _LINE.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise _refusal(number, in_words(str(error))) from None
            _check_countries(number, pair)
            whole["score"] = msgspec.Raw(encoder.encode(_score(pair)))
            yield encoder.encode(whole) + b"\n"


def _score(pair: ComparedPair) -> float:
    asked = _asked(pair.query, pair.query_type)
    return score_forms(asked, _forms(pair.candidate), pair.candidate_type)


@lru_cache(maxsize=_KEPT_FORMS)
def _asked(name: str, entity_type: EntityType | None) -> tuple[ComparisonForm, ...]:
    names = (name, *(part.text for part in read_field(name).parts))
    return tuple(form for each in names for form in question_forms(each, entity_type))


@lru_cache(maxsize=_KEPT_FORMS)
def _forms(name: str) -> tuple[ComparisonForm, ...]:
    return normalise_all(name)


def _check_countries(number: int, pair: ComparedPair) -> None:
    countries = {
        "query_country": pair.query_country,
        "candidate_country": pair.candidate_country,
    }
    for field, country in countries.items():
        if country is not None and not _is_country(country):
            raise _refusal(number, f"unknown country {country!r} - at `$.{field}`")


def _is_country(printed: str) -> bool:
    return country_code(printed) is not None or country_code(printed.upper()) is not None


def _refusal(number: int, reason: str) -> RowRefusedError:
    return RowRefusedError(f"line {number}", reason)
