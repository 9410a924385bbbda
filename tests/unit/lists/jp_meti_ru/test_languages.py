from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.jp_meti_ru.reader import split_languages, without_gaps


def test_a_line_that_begins_with_a_legal_form_in_brackets_is_english():
    lines = [
        "(有限会社)マイクロエレクトロニクスコンプレックス(MPK)ミランドル",
        "(OOO) Microelectronic Production Complex (MPK) Milandr",
    ]
    assert split_languages("Russia, No. 354", lines) == (lines[0], lines[1:])


def test_a_line_that_begins_with_japanese_in_brackets_goes_on():
    lines = ["有限会社ヴェスト・オスト", "(別称、ウェスト・オスト)", "OOO Vest-Ost"]
    assert split_languages("Russia, No. 432", lines) == ("".join(lines[:2]), ["OOO Vest-Ost"])


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("公開株式会社 NPK テクマシュ", "公開株式会社NPKテクマシュ", id="Russia 469"),
        pytest.param("株式会社第 140 修理工場", "株式会社第140修理工場", id="Belarus 3: a number"),
        pytest.param("株式会社第140 修理工場", "株式会社第140修理工場", id="Belarus 3, as text"),
        pytest.param(
            "株式会社 M.F. レシェトネフ名称 ISS",
            "株式会社M.F.レシェトネフ名称ISS",
            id="Russia 453",
        ),
        pytest.param(
            "RSK MiG支部、 P.A.ヴォローニン", "RSK MiG支部、P.A.ヴォローニン", id="Russia 253"
        ),
        pytest.param(
            "FSUE FNPC ニジェゴロド", "FSUE FNPCニジェゴロド", id="Russia 513: Latin words"
        ),
        pytest.param(
            "Yildiz Çip Teknoloji Ltd. Ști.", "Yildiz Çip Teknoloji Ltd. Ști.", id="no Japanese"
        ),
    ],
)
def test_no_blank_stands_beside_japanese_letters(printed: str, name: str):
    assert without_gaps(printed) == name


_PIECES = st.lists(
    st.sampled_from(["第", "ヴェガ", "ー", "、", "「", "AMG", "NPP", "140", "M.F.", "(OOO)", "&"]),
    min_size=1,
    max_size=8,
)


@given(pieces=_PIECES, data=st.data())
def test_gaps_anywhere_between_scripts_are_no_difference(pieces: list[str], data: st.DataObject):
    """Between two pieces of which one is Japanese there may be a blank or none."""
    wide, close = pieces[0], pieces[0]
    for before, piece in pairwise(pieces):
        latin = before.isascii() and piece.isascii()
        wide += (" " if latin else data.draw(st.sampled_from(["", " ", "  "]))) + piece
        close += (" " if latin else "") + piece
    assert without_gaps(wide) == close
    assert without_gaps(close) == close
