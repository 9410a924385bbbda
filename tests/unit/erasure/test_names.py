"""A name is found however it is written, and in whatever it is packed."""

import json
from unicodedata import normalize

import msgspec
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.features.erasure.names import Encoding, fold, is_within, read_names
from abeyance_screening.primitives.errors import BadInputError

NAME = 'Zoë  "Ödrún" Vexmoor \U0001f98a'
WORDS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=2), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("text", f"c/o {NAME}, Lane 1".encode()),
        ("text", normalize("NFD", NAME.upper()).encode()),
        ("text", NAME.replace("  ", "\n\t").encode()),
        ("json", msgspec.json.encode({"name": NAME})),
        ("json", json.dumps({"name": NAME}).encode()),
        ("json", b'"owners":[,' + json.dumps({"name": NAME}).encode()[:-1]),
        ("zstd json", zstd.compress(msgspec.json.encode([NAME, 1]))),
        ("msgpack", msgspec.msgpack.encode({"a": "x" * 200 + NAME, "b": b"\xff\xe4"})),
        ("msgpack", zstd.compress(msgspec.msgpack.encode([NAME] * 9))),
    ],
    ids=["text", "decomposed", "lines", "JSON", "escapes", "piece", "zstd", "msgpack", "packed"],
)
def test_a_name_is_found_in_what_a_column_holds(encoding: Encoding, content: bytes):
    assert is_within(content, encoding, (fold(NAME),))
    assert not is_within(content, encoding, (fold("Zoë Ödrún"),))


@given(WORDS, st.booleans(), st.sampled_from([" ", "  ", "\n", " \t"]))
def test_case_spaces_and_composition_make_no_other_name(
    words: list[str], is_composed: bool, space: str
):
    name = fold(" ".join(words))
    written = normalize("NFC" if is_composed else "NFD", space.join(words))
    assert fold(f"{space}{written}{space}") == name
    assert is_within(json.dumps([written]).encode(), "json", (name,))
    assert fold(name) == name


def test_names_are_read_once_each():
    assert read_names("NAME", ["Anna  B", "anna b", "C D"]) == ("anna b", "c d")


@pytest.mark.parametrize("names", [[], [""], ["Anna", " x "], ["An\0na"]])
def test_what_is_no_name_is_refused(names: list[str]):
    with pytest.raises(BadInputError, match="NAME: "):
        read_names("NAME", names)
