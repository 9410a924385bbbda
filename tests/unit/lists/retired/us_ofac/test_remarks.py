import pytest

from abeyance_screening.engine.lists.listing import Name
from abeyance_screening.engine.lists.retired.us_ofac.remarks import is_cut, read_remark
from abeyance_screening.engine.lists.us_ofac.parties import OfacDetail


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        pytest.param(
            "DOB 05 Jan 1971; alt. POB SuhoPolje, Bosnia-Herzegovina.",
            [
                OfacDetail(kind="DOB", value="05 Jan 1971"),
                OfacDetail(kind="POB", value="SuhoPolje, Bosnia-Herzegovina"),
            ],
            id="SDN 8276: a day and a second place",
        ),
        pytest.param(
            "Passport D9006595 (Iran) issued 20 Jun 1977 expires 2014.",
            [
                OfacDetail(
                    kind="Passport",
                    value="D9006595",
                    country="Iran",
                    issued="20 Jun 1977",
                    expires="2014",
                )
            ],
            id="a document with country and days",
        ),
        pytest.param(
            "Identification Number AO 2879097 (Italy) expires 30 Oct 2012.",
            [
                OfacDetail(
                    kind="Identification Number",
                    value="AO 2879097",
                    country="Italy",
                    expires="30 Oct 2012",
                )
            ],
            id="a document that only expires",
        ),
        pytest.param(
            "Aircraft Construction Number (also called L/N or S/N or F/N) 8401.",
            [
                OfacDetail(
                    kind="Aircraft Construction Number (also called L/N or S/N or F/N)",
                    value="8401",
                )
            ],
            id="a kind with brackets",
        ),
        pytest.param(
            "Digital Currency Address - XBT 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h.",
            [
                OfacDetail(
                    kind="Digital Currency Address - XBT",
                    value="12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h",
                )
            ],
            id="a currency",
        ),
        pytest.param(
            "Listing Date (EO 14024 Directive 3): 24 Feb 2022.",
            [OfacDetail(kind="Listing Date (EO 14024 Directive 3):", value="24 Feb 2022")],
            id="a day of a directive",
        ),
        pytest.param(
            "Executive Order 13662 Directive Determination - Subject to Directive 1.",
            [
                OfacDetail(
                    kind="Executive Order 13662 Directive Determination -",
                    value="Subject to Directive 1",
                )
            ],
            id="a directive",
        ),
        pytest.param(
            "Registration Number 1 (Russia); National ID No. 2.",
            [
                OfacDetail(kind="Registration Number", value="1", country="Russia"),
                OfacDetail(kind="National ID No.", value="2"),
            ],
            id="the longest kind that fits",
        ),
        pytest.param(
            "Linked To: PETROLEOS DE VENEZUELA, S.A.",
            [OfacDetail(kind="Linked To:", value="PETROLEOS DE VENEZUELA, S.A.")],
            id="SDN 26627: the full stop is the name's too",
        ),
        pytest.param(
            "Linked To: NITC.",
            [OfacDetail(kind="Linked To:", value="NITC")],
            id="the full stop is OFAC's",
        ),
        pytest.param("HAMAS - Hebron.", [], id="a remark of no known kind"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_has_a_known_kind_is_taken_apart(remark: str, said: list[OfacDetail]):
    assert list(read_remark(remark).details) == said


def test_names_in_a_remark_are_weak_or_former():
    assert read_remark("a.k.a. 'BNC'; f.k.a. 'ANA I'; a.k.a. 'THE 'O''.").names == (
        Name(text="BNC", kind="weak_alias"),
        Name(text="ANA I", kind="former"),
        Name(text="THE 'O'", kind="weak_alias"),
    )


@pytest.mark.parametrize(
    ("remark", "cut"),
    [
        pytest.param("x" * 1_000, True, id="as long as they get, without a full stop"),
        pytest.param("x" * 999 + ".", False, id="as long as they get, with one"),
        pytest.param("x" * 999, False, id="shorter, without"),
    ],
)
def test_a_remark_is_cut_if_it_is_full_and_not_ended(remark: str, cut: bool):
    assert is_cut(remark) == cut


def test_the_last_part_of_a_cut_remark_is_left_out():
    cut = "DOB 1961; " + "x" * 970 + "; Passport A12345678"
    assert [each.kind for each in read_remark(cut).details] == ["DOB"]
