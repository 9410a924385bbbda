"""Entities are read from a file as if all of it was held in memory."""

import io
import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.own import ftm
from abeyance_screening.engine.lists.own.ftm import entities as ftm_entities
from abeyance_screening.engine.lists.own.ftm.entities import (
    FtmEntity,
    entities_on,
    lines_in,
    merged,
)
from abeyance_screening.engine.lists.own.ftm.listings import (
    HeldEntities,
    listed_parties,
    listings_of,
)
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError
from tests.unit.lists.ftm.ftm_files import Line, entity, lines, parse_entities

type Sample = Callable[[str], bytes]
FILES = ["ftm/entities.ftm.json", "ftm/entities_after.ftm.json", "ftm/targets.nested.json"]


def held(content: bytes) -> tuple[Listing, ...]:
    """The listings of a file whose entities are all held in memory."""
    found, outer, marked = dict[str, FtmEntity](), set[str](), False
    for line in lines_in("mine", io.BytesIO(content)):
        these = entities_on(line.where, line.text, is_last=line.is_last)
        outer.add(these[0].id)
        # a mark counts wherever it is printed: what is merged of "no target" and no mark has none
        marked = marked or any(each.target is not None for each in these)
        for each in these:
            known = found.get(each.id)
            found[each.id] = each if known is None else merged(line.where, known, each)
    if len(found) > len(outer) and not marked:
        found = {
            key: msgspec.structs.replace(each, target=key in outer and each.is_party)
            for key, each in found.items()
        }
        marked = True
    parties = listed_parties(found.values(), marked=marked)
    listings = tuple(listings_of("mine", parties, HeldEntities(found.values())))
    if not listings:
        raise ListRefusedError("mine", "the file lists no party")
    return listings


def same(content: bytes) -> None:
    """Reads a file in both ways, with notes and without: the same comes of it, or a refusal."""
    for notes in (True, False):
        results = list[object]()
        for read in (held, lambda content: parse_entities(content, "mine").listings):
            try:
                if notes:
                    with taking_notes() as taken:
                        results.append((read(content), taken.on_stream("mine", 1_000)))
                else:
                    results.append(read(content))
            except AbeyanceError as error:
                results.append(type(error))
        assert results[0] == results[1]


@pytest.fixture(autouse=True)
def _remembers_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftm, "_LINES_REMEMBERED", 1)


@pytest.mark.parametrize("place", FILES)
def test_a_real_file_is_read_as_if_it_was_held_in_any_order(sample: Sample, place: str):
    content = sample(place)
    same(content)
    for salt in (b"1", b"2", b"3"):
        shuffled = sorted(content.splitlines(), key=partial(_digest, salt))
        same(b"\n".join(shuffled))


def _digest(salt: bytes, line: bytes) -> bytes:
    return sha256(salt + line).digest()


IDS = st.sampled_from("ABCDE")
PARTY = st.builds(
    lambda key, schema, name, target, said: entity(key, schema, name=name, target=target, **said),
    IDS,
    st.sampled_from(["Person", "Company", "Vessel", "Spaceship"]),
    st.sampled_from(["Acme", "Zala", "Акме", " "]),
    st.sampled_from([True, False, None]),
    st.dictionaries(
        st.sampled_from(["parent", "addressEntity", "owner", "alias", "stageName"]), IDS
    ),
)
LINK = st.builds(
    lambda key, schema, ends: entity(key, schema, target=False, **ends),
    st.sampled_from(["l1", "l2", "l3", "D"]),
    st.sampled_from(["Sanction", "Ownership", "Passport", "Address"]),
    st.dictionaries(st.sampled_from(["entity", "owner", "asset", "holder", "full"]), IDS),
)


@given_any(st.lists(st.one_of(PARTY, LINK), max_size=8, unique_by=lambda line: str(line["id"])))
def test_generated_entities_are_read_as_if_they_were_held(found: list[Line]):
    same(lines(*found))


@given_any(
    st.lists(PARTY, min_size=1, max_size=4, unique_by=lambda line: str(line["id"])),
    st.lists(st.tuples(st.integers(0, 3), st.one_of(PARTY, LINK)), max_size=5),
)
def test_entities_inside_others_are_read_as_if_they_were_held(
    outer: list[Line], inner: list[tuple[int, Line]]
):
    printed = [json.loads(json.dumps(each)) for each in outer]
    for place, each in inner:
        properties = printed[place % len(printed)]["properties"]
        name = "sanctions" if each["schema"] == "Sanction" else "parent"
        properties[name] = [*properties.get(name, []), each]
    same(lines(*printed))


def test_an_entity_inside_itself_keeps_the_mark_that_it_is_no_target():
    itself = {"id": "A", "schema": "Company", "properties": {"name": ["Acme"]}}
    line = itself | {"properties": {"name": ["Acme"], "parent": [itself]}}
    other = entity("B", "Company", name="Zala", target=True)
    same(lines(line | {"target": False}))
    (listing,) = parse_entities(lines(line | {"target": False}, other), "mine").listings
    assert listing.id == "mine-B"
    with pytest.raises(ListRefusedError, match="lists no party"):
        parse_entities(lines(line | {"target": False}), "mine")
    (listing,) = parse_entities(lines(line), "mine").listings
    assert listing.id == "mine-A"


ODD = [
    '{"id":"1","schema":"Company","properties":{"name":["A"]},"id":"2"}',
    '{"id":"1","schema":"Company","properties":{"name":["A"],"name" :["B"]}}',
    '{"id":"1","schema":"Company","properties":{"name":["a\\":b"]}}',
    '{"id":"1","schema":"Company","properties":{"name":[" A ","A",""]},"caption":null}',
    '{"id":" 1","schema":"Company","properties":{"name":["A"]}}',
    '{"id":"1","schema":"Thing","properties":{"name":["A"]}}',
    '{"id":"1","schema":"Document","properties":{"anything":["A"]}}',
    '{"id":"1","schema":"Company","properties":{"sanctions":["A"]}}',
    '{"id":"1","schema":"Company","properties":{"name":["A"]},"new":1}',
    '{"id":"1","schema":"Company"}',
    "{",
]


@pytest.mark.parametrize("notes", [True, False])
@pytest.mark.parametrize("line", ODD)
def test_the_short_way_to_an_entity_leads_to_the_same(
    line: str, notes: bool, monkeypatch: pytest.MonkeyPatch
):
    def read() -> object:
        try:
            if not notes:
                return entities_on("line 1", line, is_last=False)
            with taking_notes():
                return entities_on("line 1", line, is_last=False)
        except AbeyanceError as error:
            return str(error)

    short = read()
    monkeypatch.setattr(ftm_entities, "_plain_entity", lambda _: None)
    assert short == read()


def test_the_short_way_is_taken_by_most_lines(sample: Sample):
    printed = sample("ftm/entities.ftm.json").decode().splitlines()
    short = [line for line in printed if ftm_entities._plain_entity(line) is not None]
    assert len(short) > len(printed) / 2
