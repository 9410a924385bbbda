"""Delimited files cut at every byte: read up to there, or refused; never half a name."""

import io
from collections.abc import Callable, Sequence

import pytest

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.jp_mof import reader as jp_mof
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.tw_shtc import reader as tw_shtc
from abeyance_screening.engine.lists.uk_sl import reader as uk_sl
from abeyance_screening.engine.lists.us_bis_dpl import reader as us_bis_dpl
from abeyance_screening.engine.lists.us_csl import reader as us_csl
from abeyance_screening.primitives.errors import AbeyanceError

type Sample = Callable[[str], bytes]
# So many lines stand above the first record, and so many records are enough.
_RECORDS = 4
_FILES = [
    pytest.param("us_bis_dpl/dpl_2026-04-14.csv", us_bis_dpl.FORMATS, 1, id="dpl.csv"),
    pytest.param("uk_sl/UK-Sanctions-List.csv", uk_sl.FORMATS, 2, id="UK Sanctions List"),
    pytest.param("us_csl/consolidated_2022.csv", us_csl.FORMATS, 1, id="CSL of 2022"),
    pytest.param("us_csl/consolidated_2023.csv", us_csl.FORMATS, 1, id="CSL of 2023"),
    pytest.param("jp_mof/shisantouketsu.csv", jp_mof.FORMATS, 1, id="MOF's table"),
    pytest.param("tw_shtc/SHTCEntityList.csv", tw_shtc.FORMATS, 1, id="Taiwan's list"),
]


def records_of(content: bytes) -> list[bytes]:
    """A CSV file's records; a line break inside quotes does not end one."""
    records, open_record = list[bytes](), b""
    for line in io.BytesIO(content):
        open_record += line
        if open_record.count(b'"') % 2 == 0:
            records.append(open_record)
            open_record = b""
    return records


def names_of(content: bytes, formats: Sequence[Format]) -> dict[str, frozenset[str]]:
    """The names by listing id."""
    file = GivenFile("list", content)
    (known,) = [each for each in formats if each.tells(file)]
    parsed: Sequence[ParsedEdition | ParsedDelta] = known.read((file,))
    return {
        listing.id: frozenset(name.text for name in listing.names)
        for edition in parsed
        if isinstance(edition, ParsedEdition)
        for listing in edition.listings
    }


@pytest.mark.parametrize(("place", "formats", "above"), _FILES)
def test_a_last_record_needs_no_line_break(
    sample: Sample, place: str, formats: Sequence[Format], above: int
):
    content = b"".join(records_of(sample(place))[: above + _RECORDS])
    assert content.endswith(b"\n")
    assert names_of(content.rstrip(b"\r\n"), formats) == names_of(content, formats)


@pytest.mark.parametrize(("place", "formats", "above"), _FILES)
def test_a_file_cut_anywhere_has_whole_names_or_is_refused(
    sample: Sample, place: str, formats: Sequence[Format], above: int
):
    records = records_of(sample(place))[: above + _RECORDS]
    content = b"".join(records)
    ends = [len(b"".join(records[:count])) for count in range(above + 1, len(records) + 1)]
    read = 0
    for begin, end in zip((len(b"".join(records[:above])), *ends), ends, strict=False):
        whole = names_of(content[:end], formats)
        for length in range(begin + 1, end):
            try:
                cut = names_of(content[:length], formats)
            except AbeyanceError:
                continue
            assert cut == whole, content[begin:length]
            read += 1
    assert read >= _RECORDS
