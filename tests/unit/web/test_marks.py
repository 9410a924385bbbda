"""Names with the words marked that met, acts as links, licences in a sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.listing import LicenceTerms, Listing, Name, read_licence_terms
from abeyance_screening.engine.names.match import person_score
from abeyance_screening.engine.names.match.brand import (
    BRAND_ALONE,
    NEAR_ALONE,
    OTHER_LETTERS,
    SENSE_ALONE,
)
from abeyance_screening.engine.names.match.cut import CUT
from abeyance_screening.engine.names.match.framed import ATTACHED, FRAMED
from abeyance_screening.engine.names.match.score import PARTS
from abeyance_screening.engine.names.match_types import Explanation, Part, WordPair
from abeyance_screening.engine.wording import licence_in_words, policies_in_words
from abeyance_screening.engine.wording.hits import acts_of_entry, short_citation, years_of
from abeyance_screening.engine.wording.shapes import links_to, safe_link
from abeyance_screening.platform.pages.cards import mark_words, why


def brackets(text: str, *words: str) -> str:
    pieces = mark_words(text, words)
    return "".join(f"[{each.text}]" if each.is_marked else each.text for each in pieces)


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        pytest.param(
            "Hangzhou Hikvision Digital", ("Hikvision",), "Hangzhou [Hikvision] Digital", id="one"
        ),
        pytest.param("HIKVISION Ltd.", ("Hikvision",), "[HIKVISION] Ltd.", id="case"),
        pytest.param("Bankers Bank", ("Bank",), "Bankers [Bank]", id="not inside another word"),
        pytest.param("A.B.C. Oil", ("A.B.C.", "Oil"), "[A.B.C.] [Oil]", id="full stops"),
        pytest.param("中国海康威视", ("海康",), "中国[海康]威视", id="no blanks"),
        pytest.param("a .* b", (".*",), "a [.*] b", id="no pattern"),
        pytest.param("nothing", (), "nothing", id="no word"),
        pytest.param("nothing", (" ",), "nothing", id="blank"),
    ],
)
def test_the_words_that_met_are_marked(text: str, words: tuple[str, ...], shown: str):
    assert brackets(text, *words) == shown


def test_why_lays_the_arithmetic_out():
    shown = why(
        Explanation(
            exact=False,
            pairs=(
                WordPair(
                    query="Hikvison", listed="Hikvision", by="spelling", similarity=0.9, worth=2
                ),
            ),
            query_left_over=("Ltd",),
            listed_left_over=("Digital",),
            parts=(
                Part(name="base", value=0.0, log_odds=-5.2),
                Part(name="matched_words", value=1.0, log_odds=2.0),
            ),
            log_odds=-3.2,
        )
    )
    assert (shown.pairs[0].by, shown.pairs[0].similarity, shown.pairs[0].worth) == (
        "a similar spelling",
        "90%",
        "+2.00",
    )
    assert [part.worth for part in shown.parts] == ["-5.20", "+2.00"]
    assert shown.total == "-3.20"


def parts_of_people() -> Iterator[str]:
    """The names of the parts that the scorer of people adds, as its source has them."""
    for node in ast.walk(ast.parse(Path(person_score.__file__).read_text())):
        match node:
            case ast.keyword(arg="name", value=ast.Constant(value=str(name))):
                yield name
            case ast.Call(func=ast.Name(id="_part"), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case ast.Tuple(elts=[ast.Name(), ast.Constant(value=str(name)), ast.Name()]):
                yield name
            case ast.Assign(
                targets=[ast.Tuple(elts=[ast.Name(id="name"), *_])],
                value=ast.Tuple(elts=[ast.Constant(value=str(name)), *_]),
            ):
                yield name
            case _:
                pass


def test_every_part_of_a_score_has_a_name_of_its_own():
    of_people = set(parts_of_people())
    assert {"initials", "other_syllables", "own_script", "other_sex"} <= of_people
    alone = (BRAND_ALONE, OTHER_LETTERS, SENSE_ALONE, NEAR_ALONE)
    names = ("base", *PARTS, CUT, FRAMED, ATTACHED, "read_again", *alone, *of_people)
    parts = tuple(Part(name=name, value=1.0, log_odds=1.0) for name in names)
    explanation = Explanation(
        exact=False, pairs=(), query_left_over=(), listed_left_over=(), parts=parts, log_odds=0.0
    )
    names = [part.name for part in why(explanation).parts]
    assert len(set(names)) == len(names)
    assert not {
        made.replace("_", " ") for made in (*PARTS, *of_people) if "_" in made
    }.intersection(names) - {"legal form conflict"}


def test_federal_register_citations_lead_to_their_page():
    acts = links_to(acts_of_entry(("84 FR 54002", "85 FR 44159; EO 13959", "84 FR 54002")))
    assert [(act.text, act.url is not None) for act in acts] == [
        ("84 FR 54002", True),
        ("85 FR 44159", True),
        ("EO 13959", False),
    ]
    assert acts[0].url == "https://www.federalregister.gov/citation/84-FR-54002"


def test_a_volume_of_the_federal_register_is_a_year():
    assert years_of(("84 FR 54002, 10/9/19", "EO 1")) == (2019,)
    assert years_of(("90 FR 47201",)) == (2025,)


@pytest.mark.parametrize(
    ("citation", "short"),
    [
        pytest.param("90 FR 50857, FR Doc 2025-19846", "90 FR 50857", id="the place printed"),
        pytest.param("EO 13959; EO 14032", "EO 13959", id="the first of several"),
        pytest.param(
            "statement of the Treasury Secretary to the press in Kuala Lumpur",
            "statement of the Treasury Secretary to the …",
            id="cut between words",
        ),
    ],
)
def test_a_citation_is_shortened_to_what_finds_it(citation: str, short: str):
    assert short_citation(citation) == short


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil", None])
def test_only_the_web_is_linked_to(url: str | None):
    assert safe_link(url) is None


def terms(requirement: str, policy: str) -> LicenceTerms:
    listing = Listing(
        id="us_bis_el-1",
        list_code="us_bis_el",
        names=(Name(text="X", kind="primary"),),
        licence_requirement=requirement,
        licence_review_policy=policy,
    )
    read = read_licence_terms(listing)
    assert read is not None
    return read


def test_a_licence_is_told_in_a_sentence_and_its_exceptions_below():
    hikvision = terms(
        "For all items subject to the EAR. (See §744.11 of the EAR)",
        "Case-by-case review for items necessary to detect, identify and treat infectious "
        "disease; and presumption of denial for all other items subject to the EAR.",
    )
    assert licence_in_words(hikvision) == (
        "A licence is needed for all items subject to the EAR, and the answer is normally no."
    )
    assert policies_in_words(hikvision) == (
        "Case by case: items necessary to detect, identify and treat infectious disease.",
    )


def test_terms_that_cannot_be_read_count_as_the_hardest():
    unread = terms("For everything, more or less.", "As the weather is.")
    assert unread.unread
    assert "all items and that the answer is normally no" in licence_in_words(unread)
