import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given as holds_for
from hypothesis import settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError
from tests.unit.lists.us_ofac.ofac_files import (
    OFAC,
    classic_file,
    delta_file,
    enhanced_file,
    entity,
    formats,
    given,
)

type Sample = Callable[[str], bytes]
_FILES = (
    classic_file("<akaList><aka><type>a.k.a.</type><category>weak</category></aka></akaList>"),
    enhanced_file(entity("<features/>")),
    delta_file(entity(attributes=' action="add"')),
)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        pytest.param(["cons_enhanced_2025.xml"], ["ofac_cons_enhanced"], id="enhanced, others"),
        pytest.param(["sdn_enhanced_2025-01-10.xml"], ["ofac_sdn_enhanced"], id="enhanced, SDN"),
        pytest.param(["consolidated_2022.xml"], ["ofac_cons_xml"], id="classic, others"),
        pytest.param(["sdn_2025.xml"], ["ofac_sdn_xml"], id="classic, SDN"),
        pytest.param(
            ["delta_2025-02-13.xml"], ["ofac_sdn_delta", "ofac_cons_delta"], id="delta, for both"
        ),
        pytest.param(["consolidated_2022.xml", "sdn_2025.xml"], [], id="two sources at once"),
        pytest.param(["README.md"], [], id="something else"),
    ],
)
def test_a_file_is_told_by_its_content(sample: Sample, names: list[str], words: list[str]):
    contents = (sample(f"us_ofac/{name}") for name in names)
    assert [each.word for each in formats(given(*contents))] == words


@pytest.mark.parametrize(
    ("name", "word"),
    [
        pytest.param("cons_enhanced_2025.xml", "ofac_cons_enhanced", id="enhanced"),
        pytest.param("consolidated_2022.xml", "ofac_cons_xml", id="classic"),
    ],
)
def test_a_cut_file_is_still_told_and_then_refused(sample: Sample, name: str, word: str):
    content = sample(f"us_ofac/{name}")
    files = given(content[: len(content) // 2])
    told = formats(files)[0]
    assert told.word == word
    with pytest.raises(AbeyanceError):
        told.read(files)


def test_a_file_without_an_entry_may_be_of_either_source():
    assert [each.word for each in formats(given(b"<sdnList></sdnList>"))] == [
        "ofac_sdn_xml",
        "ofac_cons_xml",
    ]


def test_titles_and_words_are_one_each():
    assert len({each.word for each in OFAC}) == len(OFAC)
    assert len({each.title for each in OFAC}) == len(OFAC)


@settings(max_examples=150)
@holds_for(st.sampled_from(_FILES), st.data())
def test_a_damaged_file_is_read_or_refused(content: bytes, data: st.DataObject):
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 8)))
    damaged = content[:start] + data.draw(st.binary(max_size=4)) + content[end:]
    file = GivenFile("damaged", damaged)
    for each in OFAC:
        if each.tells(file):
            with contextlib.suppress(AbeyanceError):
                each.read((file,))
