from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from abeyance_screening.engine.measures.register.read import load, read_yaml
from abeyance_screening.primitives.errors import RegisterRefusedError
from tests.walks import at_most_letters

# Letters that could be looked at meanwhile: comparing each key with each other takes minutes.
FOUND_WITHIN = 500_000_000
MEASURE = """
measures:
  - id: xx-1
    title: A measure
    authority: Somebody
    jurisdiction: XX
    kind: programme
    citation: 1 XX 1
    effect:
      - kind: blocked
    attaches_by:
      - listing
    attaches:
      - list_code: us_ofac_sdn
        programmes:
          - XX
    confidence: verified_secondary
    checked_until: 2026-01-01
    events:
      - id: take-effect-2025-01-01
        kind: take_effect
        effective_on: 2025-01-01
        citation: 1 XX 1
      - id: suspend-2025-11-10
        kind: suspend
        effective_on: 2025-11-10
        until: 2026-11-09
        until_bound: inclusive
        until_state: stated
        lapse_effect: restriction_returns
        citation: 1 XX 2
"""
OWNERS = """\
    confidence: verified_secondary
    owners:
      - owned: Acme
        owner: Zenith
        owner_listing: us_bis_el-1
        as_of: 2026-01-01
        source:
          url: https://x.example
        confidence: verified_secondary
"""
NAMED = "    targets:\n      entities:\n        - Acme\n" + OWNERS
OTHER = MEASURE.replace("xx-1", "xx-2").replace("measures:\n", "")


def _load(folder: Path, text: str, name: str = "xx.yaml") -> None:
    (folder / name).write_text(text)
    load(folder)


def test_a_register_is_read_from_every_file_of_a_folder(tmp_path: Path):
    (tmp_path / "a.yaml").write_text(MEASURE)
    (tmp_path / "b.yaml").write_text("measures:\n" + OTHER)
    (tmp_path / "README.md").write_text("not a register file")
    assert [each.id for each in load(tmp_path).measures] == ["xx-1", "xx-2"]


def test_a_date_needs_no_quotes_and_an_empty_file_of_measures_is_one(tmp_path: Path):
    _load(tmp_path, "measures: []")
    assert load(tmp_path).measures == ()


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        pytest.param("title: A measure", "titel: A measure", "titel",
                     "the field `titel` is unknown", id="a field misspelt"),
        pytest.param("    title: A measure\n", "", "title", "the field `title` is missing",
                     id="a field missing"),
        pytest.param("        kind: suspend\n", "", "events[1].kind", "is missing",
                     id="an event's field missing"),
        pytest.param("kind: suspend\n", "kind: pause\n", "events[1].kind",
                     "'pause' is not one of: ", id="an event kind nobody knows"),
        pytest.param("effective_on: 2025-11-10", "effective_on: 10 November 2025",
                     "events[1].effective_on", "is not a day", id="a day that is none"),
        pytest.param("    confidence: verified_secondary\n", OWNERS, "owners[0].owned",
                     "is no party that the measure names", id="an owner of somebody else"),
        pytest.param("    confidence: verified_secondary\n", NAMED + "        share: 101\n",
                     "owners[0].share", "at most 100 percent", id="more than all of it"),
        pytest.param("    confidence: verified_secondary\n",
                     NAMED.replace("https://x.example", "nowhere"), "owners[0].source.url",
                     "is no web address", id="an owner without an address"),
        pytest.param("kind: blocked", "kind: frozen", "effect[0].kind",
                     "'frozen' is not one of: ", id="an effect nobody knows"),
        pytest.param("us_ofac_sdn", "us_ofac", "attaches[0].list_code",
                     "us_ofac is no known list", id="a list nobody knows"),
        pytest.param("          - XX\n", "          - XX\n        only_alone: true\n",
                     "attaches[0].only_alone", "names a part of it", id="whole and part at once"),
        pytest.param("        programmes:\n          - XX\n",
                     "        only_alone: true\n        listed_from: 2024-04-01\n",
                     "attaches[0].only_alone", "names a part of it", id="whole, of some days"),
        pytest.param("        programmes:\n          - XX\n",
                     "        only_alone: true\n        footnotes: ['4']\n",
                     "attaches[0].only_alone", "names a part of it", id="whole, of a footnote"),
        pytest.param("          - XX\n", "          - XX\n        listed_from: 2024-04-02\n"
                     "        listed_until: 2024-04-01\n", "attaches[0].listed_until",
                     "lies before listed_from", id="listings of no day"),
        pytest.param("          - XX\n", "          - XX\n        footnotes: [see 4]\n",
                     "attaches[0].footnotes", "'see 4' is no number", id="a footnote in words"),
        pytest.param("          - XX\n", "          - XX\n        footnotes: ['100']\n",
                     "attaches[0].footnotes", "'100' is no number", id="too long for a footnote"),
        pytest.param("until: 2026-11-09", "until: 2025-11-09", "events[1].until",
                     "lies before effective_on", id="an end before the beginning"),
        pytest.param("        lapse_effect: restriction_returns\n", "", "events[1].lapse_effect",
                     "nothing says what follows the end", id="an end without its effect"),
        pytest.param("restriction_returns", "authorisation_ends", "events[1].lapse_effect",
                     "suspend does not end that way", id="an end of another kind"),
        pytest.param("        until: 2026-11-09\n        until_bound: inclusive\n"
                     "        until_state: stated\n", "", "events[1].until_state",
                     "no end is given, and nothing says why", id="a suspension without any end"),
        pytest.param("        until: 2026-11-09\n        until_bound: inclusive\n", "",
                     "events[1].until", "until_state says that it is stated",
                     id="an end said to be stated"),
        pytest.param("        until: 2026-11-09\n", "", "events[1].until", "stated",
                     id="a bound without an end"),
        pytest.param("until_state: stated", "until_state: not_recorded", "events[1].until_state",
                     "is not_recorded, but an end is given", id="an end beside its absence"),
        pytest.param("        effective_on: 2025-01-01\n", "", "events[0].effective_on",
                     "no day at all", id="an event without a day"),
        pytest.param("effective_on: 2025-01-01", "effective_on: 2025-01-01\n"
                     "        day_state: not_recorded", "events[0].day_state", "a day is given",
                     id="a day beside its absence"),
        pytest.param("kind: take_effect", "kind: announce", "events[0].announced_on",
                     "an announcement needs its day", id="an announcement nobody made"),
        pytest.param("suspend-2025-11-10", "take-effect-2025-01-01", "events[1].id",
                     "is used twice", id="an event id used twice"),
        pytest.param("        effective_on: 2025-01-01\n",
                     "        effective_on: 2025-01-01\n        slice: {note: x}\n",
                     "events[0].slice", "names no part", id="a part without a name"),
        pytest.param("effective_on: 2025-01-01\n",
                     "effective_on: 2025-01-01\n        recorded_at: 2026-01-01T00:00:00\n",
                     "events[0].recorded_at", "needs an offset", id="a moment without a zone"),
        pytest.param("      - kind: blocked\n", "", "effect", "array", id="no effect at all"),
        pytest.param("    confidence:", "    eases: [xx-9]\n    confidence:", "eases",
                     "xx-9 is no other measure", id="eases nothing"),
        pytest.param("    confidence:", "    see: xx-1\n    confidence:", "see",
                     "xx-1 is no other measure", id="refers to itself"),
        pytest.param("    confidence:", "    successor: xx-9\n    confidence:", "successor",
                     "xx-9 is no other measure", id="succeeded by nothing"),
        pytest.param("    confidence:", "    predecessor: xx-9\n    confidence:", "predecessor",
                     "xx-9 is no other measure", id="preceded by nothing"),
        pytest.param("      - listing\n", "      - ownership\n", "condition", "missing",
                     id="ownership without its question"),
        pytest.param("    confidence:", "    condition: Is it?\n    confidence:", "condition",
                     "only a measure that attaches by owner", id="a question without owner"),
        pytest.param("    confidence:", "    url: see above\n    confidence:", "url",
                     "is no web address", id="a link that is none"),
    ],
)  # fmt: skip
def test_a_refusal_names_file_measure_field_and_reason(
    tmp_path: Path, old: str, new: str, field: str, reason: str
):
    assert old in MEASURE
    with pytest.raises(RegisterRefusedError, match="xx-1") as refused:
        _load(tmp_path, MEASURE.replace(old, new))
    assert (refused.value.file, refused.value.measure) == ("xx.yaml", "xx-1")
    assert refused.value.field == field
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MEASURE + OTHER.replace("xx-2", "xx-1"), id="within a file"),
        pytest.param(
            MEASURE + OTHER.replace("    title", "    also_known_as: [xx-1]\n    title"),
            id="as another's second name",
        ),
    ],
)
def test_an_id_stands_once(tmp_path: Path, text: str):
    with pytest.raises(RegisterRefusedError, match=r"xx-1 is used in xx\.yaml"):
        _load(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("measures: [", "while parsing", id="no YAML"),
        pytest.param("measures: []\nmeasures: []", "'measures' is used twice", id="a key twice"),
        pytest.param("measures: []\nnotes: x", "must be a mapping", id="another key"),
        pytest.param("- id: xx-1", "must be a mapping", id="a list"),
        pytest.param("measures: {}", "not a list", id="measures that are none"),
        pytest.param("", "must be a mapping", id="empty"),
        pytest.param("measures: [{id: 2025-02-30}]", "'2025-02-30' is no timestamp\n.*line 1, "
                     "column 17", id="no such day"),
        pytest.param("measures: [!!timestamp abc]", "'abc' is no timestamp", id="no moment"),
        pytest.param("measures: [!!bool maybe]", "'maybe' is no bool", id="neither yes nor no"),
        pytest.param("measures: [!!float '']", "'' is no float", id="no number"),
        pytest.param("measures: [!!int '']", "'' is no int", id="no whole number"),
        pytest.param("measures: " + "[" * 2000 + "]" * 2000, "nesting", id="nested deeply"),
        pytest.param(
            "measures: [!!python/name:os.system '']", "python/name", id="a Python object"
        ),
        pytest.param("measures: [!!str [a]]", "expected a scalar", id="a list that is a text"),
        pytest.param("measures: &a [*a]", "recursion", id="a list in itself"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, text: str, reason: str):
    with pytest.raises(RegisterRefusedError, match=reason) as refused:
        _load(tmp_path, text)
    assert refused.value.file == "xx.yaml"


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path):
    (tmp_path / "xx.yaml").write_bytes(b"measures: [{id: \xff}]")
    with pytest.raises(RegisterRefusedError, match=r"^xx\.yaml"):
        load(tmp_path)


def test_a_key_that_stands_twice_is_found_among_very_many(tmp_path: Path):
    keys = "".join(f"k{number}: 1\n" for number in range(20_000))
    with (
        pytest.raises(RegisterRefusedError, match="'k7' is used twice"),
        at_most_letters(FOUND_WITHIN),
    ):
        _load(tmp_path, f"{keys}k7: 2\n")


def test_what_is_said_again_and_again_is_made_once():
    laughs = "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 40))
    found = read_yaml(f"a0: &a0 {{b: ha}}\n{laughs}")
    assert isinstance(found, dict)
    assert found["a39"][0] is found["a39"][8] is found["a38"]
    assert read_yaml("a: &a {x: 1}\nb: {<<: *a, y: 2024-02-29}") == {
        "a": {"x": 1},
        "b": {"x": 1, "y": date(2024, 2, 29)},
    }


def test_a_measure_without_an_id_is_named_by_its_place(tmp_path: Path):
    with pytest.raises(RegisterRefusedError, match="measure number 2"):
        _load(
            tmp_path,
            MEASURE
            + dedent("""
          - title: nameless
        """)
            .replace("\n", "\n  ")
            .rstrip()
            + "\n",
        )
