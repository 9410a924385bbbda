"""What the register refuses in the goods, places and uses of a measure."""

from pathlib import Path

import pytest

from abeyance_screening.engine.measures.register.read import load
from abeyance_screening.engine.measures.register.register import PLACES
from abeyance_screening.primitives.errors import RegisterRefusedError

MEASURE = """
measures:
  - id: xx-1
    title: A measure
    authority: Somebody
    jurisdiction: XX
    kind: goods_control
    citation: 1 XX 1
    effect: [{kind: licence_required}]
    attaches_by: [goods]
    reaches:
      - items:
          - name: things
            words: [thing]
            hs: ['2846']
            control_codes: [1C902.a.1]
        origin: [CN]
    confidence: verified_secondary
    checked_until: 2026-01-01
    events: []
"""


def _load(folder: Path, text: str) -> None:
    (folder / "xx.yaml").write_text(text)
    _ = load(folder)


def _reaches_as(written: str) -> str:
    head, _, rest = MEASURE.partition("    reaches:\n")
    return head + written + rest[rest.index("    confidence:") :]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("'2846'", "'28'", id="a chapter"),
        pytest.param("'2846'", "'2846901500'", id="a national tariff line"),
        pytest.param("1C902.a.1", "1C902", id="a whole entry"),
        pytest.param("[CN]", "[EU]", id="the European Union"),
        pytest.param("words: [thing]", "words: [物]", id="a word in Chinese"),
        pytest.param("            words: [thing]\n", "", id="codes without words"),
    ],
)
def test_what_can_be_compared_stands(tmp_path: Path, old: str, new: str):
    assert old in MEASURE
    _load(tmp_path, MEASURE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        pytest.param("[CN]", "[CHN]", "reaches[0].origin", "CHN is no country", id="a country"),
        pytest.param("[CN]", "[UK]", "reaches[0].origin", "UK is no country", id="no ISO code"),
        pytest.param("origin: [CN]", "destination: ['D:5']", "reaches[0].destination",
                     "D:5 is no country code", id="a group of countries"),
        pytest.param("'2846'", "'2'", "reaches[0].items[0].hs", "two to ten digits",
                     id="too short a code"),
        pytest.param("'2846'", "'28469015000'", "reaches[0].items[0].hs", "two to ten digits",
                     id="too long a code"),
        pytest.param("'2846'", "'2846.90'", "reaches[0].items[0].hs", "two to ten digits",
                     id="a code with stops"),
        pytest.param("1C902.a.1", "1902", "reaches[0].items[0].control_codes[0]",
                     "must be a string, but is a whole number", id="a number"),
        pytest.param("1C902.a.1", "C902", "reaches[0].items[0].control_codes",
                     "no entry of a control list", id="no control code"),
        pytest.param("1C902.a.1", "1C902a", "reaches[0].items[0].control_codes",
                     "no entry of a control list", id="a level without its stop"),
        pytest.param("[thing]", "['-']", "reaches[0].items[0]", "no word", id="no word"),
        pytest.param("            words: [thing]\n            hs: ['2846']\n"
                     "            control_codes: [1C902.a.1]\n", "", "reaches[0].items[0]",
                     "no item could match it", id="a class without anything"),
        pytest.param("        origin: [CN]\n", "        items_of: dual-use items\n",
                     "reaches[0].items_of", "as well as items", id="listed and not listed"),
        pytest.param("[goods]", "[listing]", "reaches", "only a measure that attaches by country",
                     id="beside a listing alone"),
        pytest.param("[CN]", "[CN]\n        end_use: [peaceful]", "reaches[0].end_use[0]",
                     " is not one of: ", id="a use nobody knows"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(
    tmp_path: Path, old: str, new: str, field: str, reason: str
):
    assert old in MEASURE
    with pytest.raises(RegisterRefusedError) as refused:
        _load(tmp_path, MEASURE.replace(old, new))
    assert refused.value.field == field
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("written", "field", "reason"),
    [
        pytest.param("", "reaches", "and the reason", id="none at all"),
        pytest.param(
            "    unchecked: [the scope]\n", "reaches", "and the reason", id="another gap"
        ),
        pytest.param("    reaches: [{}]\n", "reaches[0]", "reach everything", id="an empty one"),
    ],
)
def test_a_measure_on_goods_without_a_reach_is_refused(
    tmp_path: Path, written: str, field: str, reason: str
):
    with pytest.raises(RegisterRefusedError) as refused:
        _load(tmp_path, _reaches_as(written))
    assert refused.value.field == field
    assert reason in refused.value.reason


def test_a_measure_may_say_why_it_has_no_reach(tmp_path: Path):
    _load(tmp_path, _reaches_as("    unchecked: ['reaches: the act was not read']\n"))


def test_the_european_union_is_written_by_its_own_code():
    assert {"EU", "XK", "HK", "MO", "TW"} <= PLACES
    assert "UK" not in PLACES
