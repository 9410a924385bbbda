"""Documents are read strictly from each form of answer and file."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.features.watch.proposals.us_fr import documents as reader
from abeyance_screening.features.watch.proposals.us_fr import read_documents, read_page
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from tests.tools.propose.us_fr.gazette import FIXTURES, documents

WHOLE: dict[str, object] = {
    "document_number": "2025-19846",
    "title": "One Year Suspension",
    "publication_date": "2025-11-12",
    "html_url": "https://www.federalregister.gov/d/2025-19846",
}


def written(document: dict[str, object]) -> bytes:
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("file", "count"),
    [("plain_list.json", 26), ("api_answer.json", 8), ("api_dated.json", 4)],
    ids=["a plain list", "an answer of the API", "an answer with dates"],
)
def test_each_form_is_read_whole(file: str, count: int):
    assert len(documents(file)) == count


def test_a_single_document_is_read():
    (document,) = read_documents(written(WHOLE))
    assert document.number == "2025-19846"
    assert document.publication_date == date(2025, 11, 12)


def test_an_answer_without_results_is_no_document():
    assert read_documents(b'{"description": "x", "count": 0}') == ()


def test_an_answer_says_where_it_goes_on():
    answer: dict[str, object] = {
        "count": 2,
        "results": [WHOLE],
        "next_page_url": "https://x.org/2",
    }
    assert read_page(written(answer)).next_page_url == "https://x.org/2"
    assert read_page(written(WHOLE)).next_page_url is None


def test_the_fields_of_a_document_come_as_the_api_has_them():
    suspension = documents("api_dated.json")["2025-19846"]
    assert suspension.citation == "90 FR 50857"
    assert suspension.effective_on == date(2025, 11, 10)
    assert suspension.type == "Rule"
    assert suspension.agencies == ("commerce-department", "industry-and-security-bureau")
    rule = documents("api_dated.json")["2025-19001"]
    assert rule.rins == ("0694-AK11",)
    assert rule.dates is not None
    assert rule.dates.startswith("Effective date: This rule is effective September 29, 2025. Mod")


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        pytest.param(
            "Oxide (Ga<INF>2</INF>O<INF>3</INF>)", "Oxide (Ga2O3)", id="markup within a word"
        ),
        pytest.param("<p>One.</p><p>Two &amp; three</p>", "One. Two & three", id="paragraphs"),
        pytest.param("less than 5 < 6 kg", "less than 5 < 6 kg", id="a sign that is no markup"),
        pytest.param("  one\n two ", "one two", id="runs of blanks"),
        pytest.param("No summary provided.", None, id="a summary that is none"),
        pytest.param("<p> </p>", None, id="markup alone"),
        pytest.param(None, None, id="null"),
    ],
)
def test_a_summary_is_its_text_alone(printed: str | None, text: str | None):
    (document,) = read_documents(written(WHOLE | {"abstract": printed}))
    assert document.abstract == text


@pytest.mark.parametrize(
    ("fields", "corrected"),
    [
        pytest.param({"document_number": "C1-2026-16628"}, "2026-16628", id="by its number"),
        pytest.param(
            {"correction_of": "https://www.federalregister.gov/api/v1/documents/2022-07284.json"},
            "2022-07284",
            id="by the address",
        ),
        pytest.param({"correction_of": None}, None, id="not at all"),
    ],
)
def test_a_correction_names_what_it_corrects(fields: dict[str, object], corrected: str | None):
    (document,) = read_documents(written(WHOLE | fields))
    assert document.corrects == corrected


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"title": None}, "document 2025-19846: title: ", id="no title"),
        pytest.param({"title": " <b></b> "}, "document 2025-19846: title: is blank", id="blank"),
        pytest.param(
            {"publication_date": "2025-11-31"},
            "document 2025-19846: publication_date: ",
            id="a day no calendar has",
        ),
        pytest.param(
            {"effective_on": "November 10, 2025"},
            "document 2025-19846: effective_on: ",
            id="a day in words",
        ),
        pytest.param({"agencies": "BIS"}, "document 2025-19846: agencies: ", id="no list"),
        pytest.param({"document_number": None}, r"document no\. 1: document_number", id="null"),
        pytest.param({"document_number": "../x"}, "document_number: '../x' is not a", id="odd"),
        pytest.param({"html_url": "javascript:x"}, "html_url: 'javascript:x' is no", id="address"),
        pytest.param({"abstract": "x" * 50_001}, "abstract: has 50,001 characters", id="too long"),
    ],
)
def test_a_document_that_cannot_be_read_is_named_with_its_field(
    fields: dict[str, object], reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        read_documents(written(WHOLE | fields))


@pytest.mark.parametrize("field", list(WHOLE))
def test_a_document_needs_its_number_title_day_and_address(field: str):
    lacking = {name: value for name, value in WHOLE.items() if name != field}
    with pytest.raises(RowRefusedError, match=field):
        read_documents(json.dumps([lacking]).encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(b"<!doctype html><title>Maintenance</title>", "HTML page", id="a page"),
        pytest.param(b"[1, ", "is not JSON", id="cut off"),
        pytest.param(b"[" * 100_000, "is not JSON", id="too deep"),
        pytest.param(b'"text"', "is not an answer", id="a text"),
        pytest.param(b'{"errors": {}}', "is not an answer", id="an error of the API"),
        pytest.param(b'{"count": 3}', "is not an answer", id="results that are missing"),
        pytest.param(b'{"count": 0, "next_page_url": 2}', "next_page_url", id="an odd address"),
    ],
)
def test_what_is_no_answer_of_the_api_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        read_documents(content)


def test_more_than_is_ever_published_is_refused(monkeypatch: pytest.MonkeyPatch):
    content = (FIXTURES / "plain_list.json").read_bytes()
    monkeypatch.setattr(reader, "MAX_DOCUMENTS", 26)
    assert len(read_documents(content)) == 26
    monkeypatch.setattr(reader, "MAX_DOCUMENTS", 25)
    with pytest.raises(ListRefusedError, match="26 documents; at most 25 are read"):
        read_documents(content)
    monkeypatch.setattr(reader, "MAX_BYTES", len(content) - 1)
    with pytest.raises(ListRefusedError, match="bytes"):
        read_documents(content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*WHOLE, "abstract", "agencies", "dates"]), _JSON))
def test_odd_documents_are_read_or_refused_and_never_break(fields: dict[str, object]):
    try:
        (document,) = read_documents(json.dumps([WHOLE | fields]).encode())
    except (RowRefusedError, ListRefusedError):
        return
    assert document.title
