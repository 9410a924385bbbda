"""A document's printed text says what the API leaves out: docket, instructions, the place."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.register.read import load
from abeyance_screening.features.watch.proposals.drafts import propose
from abeyance_screening.features.watch.proposals.us_fr import effective_day, read_documents
from abeyance_screening.primitives.errors import RowRefusedError
from tests.tools.propose.us_fr.gazette import FIXTURES, documents, made

NOTICE = FIXTURES.parent / "us_dod_1260h" / "2025-01-07_notice.txt"


def printed(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def test_an_official_notice_is_read_from_its_text():
    (notice,) = read_documents(NOTICE.read_bytes())
    assert (notice.number, notice.type, notice.citation) == ("2025-00070", "Notice", "90 FR 1105")
    assert notice.publication_date == date(2025, 1, 7)
    assert notice.title == "Notice of Availability of Designation of Chinese Military Companies"
    assert notice.action == "Notice."
    assert (notice.abstract or "").endswith("qualify as “Chinese military companies.”")
    assert (notice.docket, notice.instructions) == (None, ())


def test_the_same_text_in_the_page_that_the_register_serves_is_the_same_document():
    text = NOTICE.read_text().replace("&", "&amp;")
    page = (
        f"<html>\n<head><title>Federal Register</title></head>\n<body><pre>\n{text}</pre></body>"
    )
    assert read_documents(page.encode()) == read_documents(NOTICE.read_bytes())


def test_the_text_agrees_with_the_api_and_has_docket_and_instructions_besides():
    (read,) = read_documents(printed("printed_2025-19001.txt"))
    api = documents("api_dated.json")["2025-19001"]
    for field in ("number", "title", "publication_date", "type", "citation", "rins"):
        assert getattr(read, field) == getattr(api, field), field
    assert read.agencies == ("industry-and-security-bureau",)
    assert read.docket == "250509-0083"
    assert effective_day(read).day == date(2025, 9, 29)
    assert [each.partition(". ")[0] for each in read.instructions] == ["8", "9"]
    assert read.instructions[0].startswith("8. Section 744.11 is amended by revising the intro")


def test_a_draft_says_which_instruction_does_it_and_from_when():
    # the register has the rule already, and drafts nothing for it
    content = printed("printed_2025-19508.txt")
    assert propose(read_documents(content), load().measures) == ()
    unread = content.replace(b"2025-19508", b"2026-99999").replace(b"48193-48205", b"99001-9")
    drafts = propose(read_documents(unread), load().measures)
    (draft,) = [each for each in drafts if each.event.kind == "list"]
    assert draft.event.effective_on == date(2025, 10, 8)
    assert draft.event.citation == "90 FR 99001, FR Doc 2026-99999"
    assert "instruction 2 says “Supplement No. 4 to part 744 is amended under CHINA" in draft.why
    assert "event.slice: name the entries, which its instructions name" in draft.missing


def test_a_rule_that_says_nothing_else_amends_what_its_instruction_names():
    rule = made(type="Rule", instructions=("3. Section 744.22 is amended by revising (a).",))
    (draft,) = propose((rule,), load().measures)
    assert (draft.event.kind, draft.quote) == ("amend", rule.instructions[0])
    assert "us-bis-744-22" in draft.candidates
    notice = made(type="Notice", instructions=rule.instructions)
    assert propose((notice,), load().measures) == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("January 7, 2025", "Smarch 7, 2025", "is no day", id="day"),
        pytest.param("[FR Doc No: 2025-00070]", "", "no day or number", id="number"),
    ],
)
def test_a_text_without_its_head_is_refused(old: str, new: str, reason: str):
    text = NOTICE.read_text()
    assert old in text
    with pytest.raises(RowRefusedError, match=reason):
        read_documents(text.replace(old, new, 1).encode())
