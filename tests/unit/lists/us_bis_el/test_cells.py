import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.us_bis_el.cells import read_parties


@pytest.mark.parametrize(
    ("text", "name", "aliases", "addresses"),
    [
        pytest.param(
            "SMIC, a.k.a., the following one alias:\n—SMIC Beijing.\n\nNo. 18 Road, Beijing.",
            "SMIC",
            ["SMIC Beijing"],
            ["No. 18 Road, Beijing"],
            id="a line for each",
        ),
        pytest.param(
            "SMIC, a.k.a., the following two aliases: —SMIC Beijing; and —SMIC BJ. No. 18 Wen "
            "Chang Road, Beijing, China",
            "SMIC",
            ["SMIC Beijing", "SMIC BJ"],
            ["No. 18 Wen Chang Road, Beijing, China"],
            id="no lines at all",
        ),
        pytest.param(
            "Magtech, a.k.a., the following one alias:\n- M.A.G. Tech, 7 Street, Lahore, Pakistan",
            "Magtech",
            ["M.A.G. Tech"],
            ["7 Street, Lahore, Pakistan"],
            id="hyphen, address behind the last alias",
        ),
        pytest.param(
            "A Co., a.k.a. B Ltd., a.k.a., C, 5 Main Street, Kabul, Afghanistan",
            "A Co.",
            ["B Ltd.", "C"],
            ["5 Main Street, Kabul, Afghanistan"],
            id="aliases in the run of words",
        ),
        pytest.param(
            "Wah Trading, f.k.a., the following one alias:\n—Old Wah.\n5 Street, Kabul",
            "Wah Trading",
            ["Old Wah"],
            ["5 Street, Kabul"],
            id="former names",
        ),
        pytest.param(
            "Academy, a.k.a., the following two aliases:\n—Ninth Academy;\n—(all located in "
            "Mianyang).\n64 Road, China",
            "Academy",
            ["Ninth Academy"],
            ["64 Road, China"],
            id="a remark among the aliases",
        ),
        pytest.param(
            "Sun Co., Ltd., Alt Address: 5 Main St., Beijing, China; and\nAddress: 6 Main St",
            "Sun Co., Ltd.",
            [],
            ["5 Main St., Beijing, China", "6 Main St"],
            id="labels",
        ),
        pytest.param("Juba Petrotech Ltd.", "Juba Petrotech Ltd.", [], [], id="a name alone"),
    ],
)
def test_a_cell_is_told_apart(text: str, name: str, aliases: list[str], addresses: list[str]):
    (party,) = read_parties(text)
    assert (party.title, party.name) == (name, name)
    assert [alias.text for alias in party.aliases] == aliases
    assert list(party.addresses) == addresses


def test_former_names_are_former():
    (party,) = read_parties("A Company, f.k.a. B Company, 5 Street, Kabul")
    assert [alias.kind for alias in party.aliases] == ["former"]


def test_a_remark_among_the_aliases_is_kept():
    (party,) = read_parties("A, a.k.a., the following one alias:\n—(near Mianyang).")
    assert party.alias_notes == ("(near Mianyang)",)


@pytest.mark.parametrize(
    "words",
    ["any successor, sub-unit, or subsidiary thereof", "its subsidiaries", "all branches"],
)
def test_whom_else_an_entry_reaches_is_no_name(words: str):
    (party,) = read_parties(f"Sun Company and {words}, 5 Main Street, Beijing, China")
    assert party.name == "Sun Company"
    assert party.scope[0].startswith(words.partition(",")[0])


def test_alternate_addresses_are_cross_references():
    (party,) = read_parties("A, 5 Street, Kabul. (See alternate address under Iran) (See also B)")
    assert party.cross_references == ("See alternate address under Iran", "See also B")
    assert party.addresses == ("5 Street, Kabul",)


@given(st.text(alphabet="AB c.,;:()—-\n1k a.f", max_size=120))
def test_any_words_are_read(text: str):
    for party in read_parties(f"{text}\na.k.a., the following one alias: {text}"):
        assert all(alias.text == alias.text.strip(" ,;") for alias in party.aliases)
        assert all(party.addresses)
