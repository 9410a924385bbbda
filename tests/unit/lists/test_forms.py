import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import citation_forms, name_form, programme_form


@pytest.mark.parametrize(
    ("printed", "forms"),
    [
        pytest.param("90 FR 4617", {"90 FR 4617"}, id="plain"),
        pytest.param("90 F.R. 4617 1/16/25", {"90 FR 4617"}, id="dotted and dated"),
        pytest.param("87 FR 20299; 87 FR 34136", {"87 FR 20299", "87 FR 34136"}, id="two"),
        pytest.param(
            "84 FR 22961, 85 FR 29852, 85 FR 36720",
            {"84 FR 22961", "85 FR 29852", "85 FR 36720"},
            id="Huawei: strung with commas",
        ),
        pytest.param(
            "70 F.R. 6409 2/7/05 70 F.R. 45366 8/5/05",
            {"70 FR 6409", "70 FR 45366"},
            id="DPL: strung with dates alone",
        ),
        pytest.param("77 FR 61249 No. 195", {"77 FR 61249"}, id="with the number of the issue"),
        pytest.param("90fr4617", {"90 FR 4617"}, id="run together"),
        pytest.param("UNSCR 2231 (2015)", {"unscr 2231 (2015)"}, id="another register"),
        pytest.param("Vol. 59, No. 230, 12/01/1994", {"vol. 59, no. 230, 12/01/1994"}, id="none"),
    ],
)
def test_a_printed_citation_names_its_acts(printed: str, forms: set[str]):
    assert citation_forms(printed) == forms


@given(volume=st.integers(1, 199), page=st.integers(1, 99999))
def test_every_printed_form_of_a_page_is_the_same(volume: int, page: int):
    printed = [f"{volume} FR {page}", f"{volume} F.R. {page} 1/16/25", f"{volume} f.r. {page};"]
    assert {citation_forms(each) for each in printed} == {frozenset({f"{volume} FR {page}"})}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Venezuela ", "Venezuela", True, id="ca_sema: a trailing blank"),
        pytest.param("(RJVDEC) \xa0 x", "(RJVDEC) x", True, id="ca_sema: a no-break space"),
        pytest.param("Missile Sanctions Laws", "Missile Sanctions laws", False, id="case counts"),
        pytest.param("DPRK", "DPRK2", False, id="another code"),
        pytest.param(
            "Autonomous (Thematic \N{EN DASH} Corruption)",
            "Autonomous (Thematic - Corruption)",
            False,
            id="au_dfat: a dash is no hyphen",
        ),
    ],
)
def test_a_programme_code_is_read_as_printed_but_for_blanks(one: str, other: str, same: bool):
    assert (programme_form(one) == programme_form(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("LUKOIL OAO", "Lukoil  OAO", True, id="case and blanks"),
        pytest.param("UTAIR AVIATION JSC,", "UTair Aviation JSC", False, id="punctuation counts"),
        pytest.param("Lukoil", "LUKOIL OAO", False, id="part of a name"),
    ],
)
def test_a_name_is_read_whole(one: str, other: str, same: bool):
    assert (name_form(one) == name_form(other)) is same
