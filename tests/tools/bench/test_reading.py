"""The input files of a benchmark, whose format is detected by content."""

import gzip
import lzma
from pathlib import Path

import pytest

from abeyance_screening.bench.reading import read_listings, read_ordinary, read_pairs, read_parties
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

FIXTURES = Path("tests/fixtures")


def given(path: str) -> GivenFile:
    return GivenFile(path, (FIXTURES / path).read_bytes())


def text(content: str) -> GivenFile:
    return GivenFile("given.jsonl", content.encode())


@pytest.mark.parametrize(
    ("path", "list_code", "first"),
    [
        ("us_csl/consolidated_2022.csv", "us_bis_dpl", "I. ASH"),
        ("us_csl/consolidated_2026.json", "us_bis_dpl", "SEMICONDUCTOR SYSTEMS INTL., INC. (SSI)"),
        ("un_sc/consolidated_2026.xml", "un_sc", "ERIC BADEGE"),
        ("jp_meti_eul/list_2025.xlsx", "jp_meti_eul", "Al Qa'ida/Islamic Army"),
        ("own/suppliers.jsonl", "own/suppliers.jsonl", "Nordlicht Pumpen GmbH"),
        ("own/suppliers.csv", "own/suppliers.csv", "Nordlicht Pumpen GmbH"),
    ],
)
def test_a_list_is_read_whatever_its_format(path: str, list_code: str, first: str):
    party = read_parties([given(path)])[0]
    assert (party.list_code, party.names[0].text) == (list_code, first)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_packed_list_is_unpacked(pack):
    plain = given("un_sc/consolidated_2026.xml")
    packed = GivenFile("list", pack(plain.content))
    assert read_parties([packed]) == read_parties([plain])


def test_lines_of_ids_and_names_are_a_list():
    line = '{"id": "7", "names": ["Hikvision", "海康威视"], "entity_type": "organisation"}'
    (party,) = read_parties([text(line)])
    assert party.id == "given.jsonl-7"
    assert [(name.text, name.kind) for name in party.names] == [
        ("Hikvision", "primary"),
        ("海康威视", "alias"),
    ]


def test_two_own_lists_with_the_same_ids_stay_apart():
    own = given("own/suppliers.jsonl")
    other = GivenFile("other.jsonl", own.content)
    ids = {party.id for party in read_parties([own])}
    assert ids.isdisjoint(party.id for party in read_parties([other]))
    assert ids == {listing.id for listing in read_listings([own])}


@pytest.mark.parametrize(
    ("file", "error", "reason"),
    [
        (given("us_ofac/delta_2025-01-13.xml"), ListRefusedError, "holds only changes"),
        (text('{"id": "7", "names": [4]}'), RowRefusedError, "line 1: must be a string"),
        (text('{"id": "7", "names": []}'), RowRefusedError, "line 1: .*is empty"),
    ],
)
def test_what_is_no_list_is_refused(file: GivenFile, error: type[Exception], reason: str):
    with pytest.raises(error, match=reason):
        read_parties([file])


@pytest.mark.parametrize("read", [read_parties, read_listings])
def test_an_empty_folder_is_refused(read):
    with pytest.raises(ListRefusedError, match="has no files"):
        read([])


def test_pairs_leave_out_what_is_ambiguous_or_has_no_candidate():
    pairs = read_pairs(given("bench/pairs.jsonl"))
    assert len(pairs) == 6
    assert [pair.entity_type for pair in pairs[4:]] == ["organisation", "person"]
    assert read_pairs(text('{"query": "a", "candidate": null, "match": false}')) == []
    with pytest.raises(RowRefusedError, match=r"given.jsonl: line 2: .*`match`"):
        read_pairs(text('{"query": "a", "candidate": "b", "match": true}\n{"query": "a"}'))


def test_ordinary_names_come_from_gleif_or_from_queries_without_those_that_are_listed():
    assert len(read_ordinary(given("bench/gleif.csv"))) == 240
    lines = (
        '{"query": "River Dairy", "match": false, "identical_to_listed": true}\n'
        '{"query": "Valley Dairy", "match": false}\n'
        '{"query": "Valley Dairy", "match": false}\n'
    )
    assert read_ordinary(text(lines)) == ["Valley Dairy"]
    with pytest.raises(ListRefusedError, match="LegalName"):
        read_ordinary(GivenFile("names.csv", b"name\nRiver Dairy\n"))
