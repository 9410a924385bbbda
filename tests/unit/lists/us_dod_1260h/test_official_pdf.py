"""The PDF file of January 2025, as the Defense Department published it."""

import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.reading.pdf import pdf_layout, pdf_text
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.engine.lists.us_dod_1260h.reader import parse
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError

type Sample = Callable[[str], bytes]
# Counted by eye on the rendered pages.
SUBSIDIARIES = {
    "Aviation Industry Corporation of China Ltd. (AVIC)": 14,
    "BGI Group": 3,
    "China Aerospace Science and Industry Corporation Limited (CASIC)": 5,
    "China Communications Construction Group (Limited) (CCCG)": 6,
    "China COSCO SHIPPING Corporation Limited (COSCO SHIPPING)": 2,
    "China Electronics Corporation (CEC)": 1,
    "China Electronics Technology Group Corporation (CETC)": 8,
    "China Mobile Communications Group Co., Ltd. (China Mobile Comm)": 1,
    "China National Chemical Engineering Group Corporation (CNCEC)": 1,
    "China National Offshore Oil Corporation (CNOOC)": 2,
    "China North Industries Group Corporation Limited (Norinco Group)": 2,
    "China South Industries Group Corporation (CSGC)": 2,
    "China SpaceSat Co., Ltd. (China SpaceSat)": 2,
    "China State Construction Engineering Corporation Limited (CSCEC)": 1,
    "China Telecom Group Co., Ltd. (China Telecom)": 1,
    "China United Network Communications Group Co., Ltd. (China Unicom)": 4,
    "Commercial Aircraft Corporation of China Limited (COMAC)": 3,
    "CSSC Offshore & Marine Engineering (Group) Company Limited (COMEC)": 2,
    "Global Tone Communication Technology Co., Ltd. (GTCOM)": 1,
    "Huawei Investment & Holding Co., Ltd. (Huawei Holding)": 1,
    "SDIC Intelligence (Xiamen) Information Co., Ltd.": 1,
    "Semiconductor Manufacturing International Corporation (SMIC)": 12,
    "Shenzhen DJI Innovation Technology Co., Ltd. (DJI)": 1,
    "Zhejiang Dahua Technology Co., Ltd. (Dahua)": 1,
}
REMOVED = [
    "Beijing Megvii Technology Co., Ltd. (Megvii)",
    "China Marine Information Electronics Company Limited (China Marine Info Elec)",
    "China Railway Construction Corporation Limited (CRCC)",
    "China State Construction Group Co.",
    "China Telecommunications Corporation",
    "ShenZhen Consys Science & Technology Co., Ltd. (Consys)",
]
NOTE = "* Subsidiaries Listed with Parent Companies"
FOOTNOTE = "1 Hesai Technology Co., Ltd. was"
HEADING = "The Following Previously Listed Entities"


@pytest.fixture(scope="module")
def official(sample: Sample) -> bytes:
    return sample("us_dod_1260h/2025-01_official.pdf")


@pytest.fixture(scope="module")
def layout(official: bytes) -> str:
    return pdf_layout(official)


@pytest.fixture(scope="module")
def listings(official: bytes) -> tuple[Listing, ...]:
    return listings_of(official)


def listings_of(content: bytes) -> tuple[Listing, ...]:
    (edition,) = parse(content)
    return edition.listings


def with_pages(content: bytes, places: Sequence[int]) -> bytes:
    with pypdfium2.PdfDocument(content) as whole, pypdfium2.PdfDocument.new() as part:
        part.import_pages(whole, list(places))
        buffer = io.BytesIO()
        part.save(buffer)
        return buffer.getvalue()


def test_all_134_companies_are_listed(listings: tuple[Listing, ...]):
    under = [fact for listing in listings for fact in listing.facts]
    assert len(listings) == len({listing.id for listing in listings}) == 134
    assert Counter(fact.kind for fact in under) == {"listed_under": 77, "place": 1}
    kinds = Counter(name.kind for listing in listings for name in listing.names)
    assert kinds == {"primary": 134, "alias": 75, "former": 1}


def test_every_subsidiary_is_listed_under_its_parent(listings: tuple[Listing, ...]):
    under = [fact for each in listings for fact in each.facts if fact.kind == "listed_under"]
    assert Counter(fact.value for fact in under) == SUBSIDIARIES


def test_the_first_subsidiary_of_a_page_is_under_the_last_parent_of_the_page_before(
    listings: tuple[Listing, ...],
):
    (first,) = [each for each in listings if each.primary_name.startswith("Aerospace Precision")]
    casic = "China Aerospace Science and Industry Corporation Limited (CASIC)"
    assert first.facts == (Fact(kind="listed_under", value=casic),)


def test_every_name_that_the_pages_print_is_a_name_of_a_listing(
    official: bytes, listings: tuple[Listing, ...]
):
    plain = [line.strip() for line in re.split(r"[\n\f]+", pdf_text(official))]
    body = plain[plain.index("360 Security Technology Inc. (Qihoo 360)") : plain.index(NOTE)]
    note = body.index("1")
    printed = [line for line in (*body[:note], *body[note + 4 :]) if line]
    assert len(printed) == 133
    names = {name.text for listing in listings for name in listing.names}
    for line in printed:
        whole, _, inside = line.removesuffix(")").rpartition(" (")
        expected = {whole, inside.removeprefix("formerly ")} if line.endswith(")") else {line}
        assert expected - {"Inner Mongolia"} <= names, line


def test_a_company_that_only_a_footnote_names_is_listed(listings: tuple[Listing, ...]):
    hesai = listings[-1]
    assert hesai.primary_name == "Hesai Technology Co., Ltd."
    assert (hesai.facts, hesai.citations) == ((), ("89 FR 86230",))
    assert hesai.remarks is not None
    assert hesai.remarks.startswith("Hesai Technology Co., Ltd. was previously identified as and")
    assert hesai.remarks.endswith("89 Fed. Reg. 86230 (October 29, 2024).")


def test_no_footnote_is_what_is_said_of_a_company(listings: tuple[Listing, ...]):
    assert [each.primary_name for each in listings if each.remarks] == [
        "Hesai Technology Co., Ltd."
    ]


def test_the_companies_that_were_taken_off_are_not_listed(
    official: bytes, listings: tuple[Listing, ...]
):
    plain = [line.strip() for line in pdf_text(official).splitlines()]
    assert plain[-6:] == REMOVED
    names = {name.text for listing in listings for name in listing.names}
    taken_off = {text for line in REMOVED for text in line.removesuffix(")").split(" (")}
    assert not names & taken_off


def test_the_text_with_its_layout_is_read_as_the_file_is(
    layout: str, listings: tuple[Listing, ...]
):
    assert listings_of(layout.encode()) == listings


def test_a_text_without_indentation_is_refused(official: bytes):
    with pytest.raises(ListRefusedError, match="lost which companies are listed under others"):
        parse(pdf_text(official).encode())


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(places, id="-".join(str(place + 1) for place in places))
        for places in (
            *(each for count in range(1, 5) for each in itertools.combinations(range(5), count)),
            *((*range(first, 5), *range(first)) for first in range(1, 5)),
            (0, 4, 1, 2, 3),
            (1, 0, 2, 3, 4),
        )
        if places[0] != 0 or places[-1] != 4
    ],
)
def test_a_file_without_its_first_or_last_page_in_place_is_refused(
    official: bytes, places: tuple[int, ...]
):
    content = with_pages(official, places)
    with pytest.raises(AbeyanceError):
        parse(content)
    with taking_notes() as notes, pytest.raises(AbeyanceError):
        notes.on(parse(content))


def test_a_file_cut_anywhere_is_refused_or_has_all_companies(
    official: bytes, listings: tuple[Listing, ...]
):
    for end in (*range(0, len(official), 9_973), *range(133_000, len(official), 499)):
        try:
            found = listings_of(official[:end])
        except AbeyanceError:
            continue
        assert found == listings


def moved(layout: str, begin: str, before: str) -> str:
    """The text with the paragraph that begins so before a line."""
    paragraph = re.split("\n[\n\f]", layout[layout.index(begin) :], maxsplit=1)[0]
    rest = layout.replace(f"{paragraph}\n", "", 1)
    return rest.replace(before, f"{paragraph}\n\n{before}", 1)


@pytest.mark.parametrize(
    ("begin", "before", "reason"),
    [
        pytest.param(NOTE, "Tencent Holdings", "unknown words after the end", id="note too early"),
        pytest.param(
            NOTE, REMOVED[2], "mark \\*, but its note is m", id="note among those removed"
        ),
        pytest.param(FOOTNOTE, HEADING, "after the end of the list", id="footnote too late"),
        pytest.param(FOOTNOTE, REMOVED[2], "after the end of the list", id="footnote at the end"),
        pytest.param(HEADING, NOTE, "mark \\*, but its note is m", id="heading before the note"),
        pytest.param(
            HEADING, "Tencent Holdings", "mark \\*, but its note is m", id="heading early"
        ),
    ],
)
def test_notes_in_another_order_are_refused(layout: str, begin: str, before: str, reason: str):
    with pytest.raises(AbeyanceError, match=reason):
        parse(moved(layout, begin, before).encode())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(NOTE, "", "the mark \\*, but its note is missing", id="no note"),
        pytest.param(FOOTNOTE, "Hesai was", "the mark 1, but its note is missing", id="no mark"),
        pytest.param(
            "and remains", "and is not", "the mark 1, but its note", id="another footnote"
        ),
        pytest.param(")1*", ")1*\u2020", "the mark \u2020, but its note", id="another mark"),
        pytest.param(")1*", ")*", "unknown words in the list", id="a footnote without a mark"),
        pytest.param(")1*", ")1* (draft)", "unknown words after the title", id="more title"),
        pytest.param("Did Not Meet", "Did Meet", "unknown words after the end", id="heading"),
        pytest.param(f"{HEADING} ", "", "unknown words after the end", id="half a heading"),
        pytest.param(
            REMOVED[0], "Autel Robotics Co., Ltd.", "both on the list and removed", id="both"
        ),
        pytest.param(REMOVED[0], f"   {REMOVED[0]}", "line below the companies", id="set in"),
        pytest.param(REMOVED[5], "Aerosun", "line below the companies", id="out of order"),
        pytest.param(
            "(YMTC)", "(YMTC)2", "unknown mark of a footnote '2'", id="a mark behind a name"
        ),
        pytest.param("(YMTC)", "(YMTC)\nRemoved:", "words of removal", id="another heading"),
    ],
)
def test_words_around_the_list_that_are_not_known_are_refused(
    layout: str, old: str, new: str, reason: str
):
    assert layout.count(old) == 1
    with pytest.raises(AbeyanceError, match=reason):
        parse(layout.replace(old, new).encode())


@pytest.mark.parametrize(
    ("old", "new", "what", "may_hide"),
    [
        pytest.param(
            "and remains", "and is not", "footnote to the title", "name", id="another footnote"
        ),
        pytest.param(
            "(YMTC)", "(YMTC)2", "mark of a footnote", "status", id="a mark behind a name"
        ),
        pytest.param(
            "(YMTC)", "(YMTC) [see below]", "words after a name", "name", id="words behind a name"
        ),
        pytest.param(
            "(YMTC)",
            "(YMTC)\n\nThe weather is fine.",
            "words in the list",
            "name",
            id="a sentence",
        ),
        pytest.param(
            REMOVED[5],
            f"{REMOVED[5]}\n\n* Aerosun",
            "line below the companies removed from the list",
            "name",
            id="a line at the end",
        ),
    ],
)
def test_words_that_are_not_known_are_noted_and_cost_no_other_company(
    layout: str, listings: tuple[Listing, ...], old: str, new: str, what: str, may_hide: str
):
    content = layout.replace(old, new).encode()
    with pytest.raises(AbeyanceError):
        parse(content)
    with taking_notes() as notes:
        (edition,) = notes.on(parse(content))
    assert isinstance(edition, ParsedEdition)
    assert [(part.what, part.may_hide) for part in edition.read_in_part] == [(what, may_hide)]
    names = {each.names for each in edition.listings}
    kept = listings if what != "footnote to the title" else listings[:-1]
    assert names == {each.names for each in kept}


def test_a_line_that_is_no_name_is_kept_and_found(layout: str):
    content = layout.replace("Tencent Holdings Limited", "tencent holdings limited").encode()
    with taking_notes() as notes:
        (edition,) = notes.on(parse(content))
    assert isinstance(edition, ParsedEdition)
    assert len(edition.listings) == 134
    (tencent,) = [each for each in edition.listings if each.unread is not None]
    assert tencent.primary_name == "tencent holdings limited"
    assert tencent.unread == "tencent holdings limited: no company's name"


def test_a_section_of_more_than_a_few_lines_is_refused(layout: str):
    content = layout.replace("Did Not Meet", "Did Meet").encode()
    with taking_notes(), pytest.raises(AbeyanceError, match="and 6 lines more"):
        parse(content)


def test_a_heading_of_removal_in_a_notice_ends_the_list_too(sample: Sample):
    notice = sample("us_dod_1260h/2025-01-07_notice.txt").decode()
    removed = (
        "    The following Chinese military companies no longer qualify and are removed:\n"
        "    Beijing Megvii Technology Co., Ltd. (Megvii)\n\n    Dated:"
    )
    with_section = notice.replace("    Dated:", removed)
    assert listings_of(with_section.encode()) == listings_of(notice.encode())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_text_that_lost_lines_at_its_end_is_refused_or_whole(
    layout: str, listings: tuple[Listing, ...], data: st.DataObject
):
    lines = layout.split("\n")
    end = data.draw(st.integers(1, len(lines)))
    try:
        found = listings_of("\n".join(lines[:end]).encode())
    except AbeyanceError:
        return
    assert found == listings
    assert end > lines.index(NOTE)
