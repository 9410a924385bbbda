import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.days import read_citations


@pytest.mark.parametrize(
    ("printed", "acts"),
    [
        pytest.param(None, (), id="none"),
        pytest.param("  ", (), id="blank"),
        pytest.param("87 FR 20299", ("87 FR 20299",), id="one act"),
        pytest.param("81 FR 14953; 84 fr 40241", ("81 FR 14953", "84 FR 40241"), id="two acts"),
        pytest.param(
            "66 FR 24266;70 FR 54629;75 FR 78877; 88 FR",
            ("66 FR 24266", "70 FR 54629", "75 FR 78877"),
            id="a fragment behind whole acts",
        ),
        pytest.param(
            "68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06 72 F.R. 4236 1/30/07",
            ("68 FR 38290", "71 FR 38843", "72 FR 4236"),
            id="DPL I. ASH: run together with days",
        ),
        pytest.param(
            "67 F.R. 10890 3/11/02 68 F.R. 38290 6/27/03 72 F.R. 1/30/07",
            ("67 FR 10890", "68 FR 38290"),
            id="a day where the page should be",
        ),
        pytest.param(
            "63 FR 64322 (11/19/98), 77 FR 58006 (no. 182)",
            ("63 FR 64322", "77 FR 58006"),
            id="days and issue in brackets",
        ),
        pytest.param("81.F.R. 22576 4/18/2016", ("81 FR 22576",), id="a full stop too many"),
        pytest.param("80 F.R 61358 10/13/15", ("80 FR 61358",), id="a full stop too few"),
        pytest.param("80FR 69852", ("80 FR 69852",), id="no blank before"),
        pytest.param("88 F.R.2603 1/17/2023", ("88 FR 2603",), id="no blank behind"),
        pytest.param("76 FR no. 242 pg. 78146", ("76 FR 78146",), id="issue and page"),
        pytest.param("89 F.R. NOTICD 87329 11/1/2024", ("89 FR 87329",), id="a word between"),
        pytest.param("82 F.R. 16788, 16789 4/6/2017", ("82 FR 16788",), id="a second page"),
        pytest.param("79 FR  55608 79 FR 55608", ("79 FR 55608",), id="one act twice"),
        pytest.param(
            "Vol. 86, No. 71, 04/15/2021", ("Vol. 86, No. 71, 04/15/2021",), id="ISN: by issue"
        ),
        pytest.param("76 FR No. 197 (10/12/2011)", ("76 FR No. 197 (10/12/2011)",), id="no page"),
    ],
)
def test_acts_are_read_from_real_prints(printed: str | None, acts: tuple[str, ...]):
    assert read_citations(printed) == acts


@given(
    st.lists(
        st.builds("{} FR {}".format, st.integers(10, 99), st.integers(100, 99_999)),
        unique=True,
    ),
    st.sampled_from([", ", "; ", " 6/27/03 ", " (no. 182), ", " and "]),
)
def test_acts_come_back_however_they_are_joined(acts: list[str], joint: str):
    assert read_citations(joint.join(acts)) == tuple(acts)


@given(st.text())
def test_whatever_is_printed_is_cited_somehow(printed: str):
    assert bool(read_citations(printed)) == bool(" ".join(printed.split()).rstrip(";, "))
