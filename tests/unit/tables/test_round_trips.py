"""Whatever a table is made of, it is read as it was written."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.tables import ReadRow, TableKind
from tests.unit.tables.tables import as_csv, as_jsonl, as_xlsx, read

_BUDGET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Letters of every script, the signs that files are made of, and blanks within.
_LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"))
_SIGNS = st.sampled_from([*" ,;\t|\"'=+-@\n"])
_NAMES = st.text(st.one_of(_LETTERS, _SIGNS), min_size=1, max_size=40).filter(
    lambda text: any(map(str.isalnum, text)) and not text.startswith("=") and "_x" not in text
)
_IDS = st.from_regex(r"[A-Z]{1,3}-[0-9]{1,6}", fullmatch=True)
_RECORDS = st.lists(st.tuples(_IDS, _NAMES), min_size=1, max_size=12)


def trimmed(text: str) -> str:
    """The text as it is read: each of its lines trimmed, without blank ones."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def expect(kind: TableKind, content: bytes, records: list[tuple[str, str]]) -> None:
    rows = read(kind, content)
    assert [row.number for row in rows] == list(
        range(1 if kind == "jsonl" else 2, len(records) + (1 if kind == "jsonl" else 2))
    )
    for row, (key, name) in zip(rows, records, strict=True):
        if isinstance(row, ReadRow):
            assert (row.counterparty.id, row.counterparty.name) == (key, trimmed(name))
        else:
            # a quoted cell whose lines look like rows is never read as one name
            assert "by a quote that is left open" in row.reason
            assert kind == "csv"
            assert "\n" in name


@_BUDGET
@given(
    _RECORDS,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_csv(records: list[tuple[str, str]], delimiter: str, encoding: str):
    expect("csv", as_csv([("ID", "Company name"), *records], delimiter, encoding), records)


@_BUDGET
@given(_RECORDS)
def test_a_workbook(records: list[tuple[str, str]]):
    expect("xlsx", as_xlsx([("ID", "Company name"), *records]), records)


@_BUDGET
@given(_RECORDS)
def test_json_lines(records: list[tuple[str, str]]):
    expect("jsonl", as_jsonl([("ID", "Company name"), *records]), records)
