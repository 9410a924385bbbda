"""A question that is a whole listed name with words of an address around it is that name."""

import pytest

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.reference_scorer import score

_LISTED: tuple[tuple[str, EntityType], ...] = (
    ("Hikvision", "organisation"),
    ("AIR KORYO", "organisation"),
    ("DJI", "organisation"),
    ("PJSC SBERBANK", "organisation"),
    ("Delta", "organisation"),
    ("NORTH SKY", "vessel"),
    ("Eric Badege", "person"),
    ("Bank of Moscow", "organisation"),
    ("LEAH COMPANY", "organisation"),
    ("NOVAK OOO", "organisation"),
)
NAMES = [
    IndexedName(place, 0, "primary", normalise(printed), entity_type)
    for place, (printed, entity_type) in enumerate(_LISTED)
]
INDEX = NameIndex.build(NAMES)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("Attn: Hikvision purchasing dept", 0, id="role before and after"),
        pytest.param("Air Koryo Beijing Office", 1, id="place and office"),
        pytest.param("Representative Office of Air Koryo, Hong Kong", 1, id="phrases"),
        pytest.param("DJI Europe B.V.", 2, id="region and legal form"),
        pytest.param("/RU40702810/ PAO SBERBANK MOSCOW", 3, id="account number"),
        pytest.param("Vessel North Sky", 5, id="ship"),
        pytest.param("Beneficiary: Eric Badege", 6, id="person"),
        pytest.param("Account holder: Bank of Moscow", 7, id="a place that is part of the name"),
        pytest.param("Sberbank Dubai GmbH", None, id="legal forms that contradict each other"),
        pytest.param("Delta Europe", None, id="common word beside a place"),
        pytest.param("Hikvision Kyiv Bakery", None, id="another word is left over"),
        pytest.param("Eric Badege Moscow LLC", None, id="company named like a person"),
        pytest.param("Leah Hamilton", None, id="given name beside a surname that is a place"),
        pytest.param("Vladim\u00edr Nov\u00e1k", None, id="given name that is a place"),
        pytest.param("Novak, Vladimir office", 9, id="the same place after a name"),
        pytest.param("Moscow Office", None, id="nothing but an address"),
    ],
)
def test_a_whole_name_is_found_in_its_frame(asked: str, listed: int | None) -> None:
    form = normalise(asked)
    found = INDEX.matches(form, lists=None, threshold=0.02)
    framed = {m.name for m in found if "around it" in (INDEX.explain(form, m.name).manner or "")}
    assert framed == ({listed} if listed is not None else set())
    for match in found:
        assert match.score == pytest.approx(score(form, NAMES[match.name]), abs=1e-9, rel=0)
        assert (match.score >= DEFAULT_THRESHOLD) == (match.name == listed)


def test_what_stands_around_a_name_is_said() -> None:
    explanation = INDEX.explain(normalise("Attn: Hikvision purchasing dept"), 0)
    assert explanation.manner == "the whole name, with “Attn”, “purchasing”, “dept” around it"
