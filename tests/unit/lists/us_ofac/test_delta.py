from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_ofac.ofac_files import (
    CONS,
    ON_SDN,
    SDN,
    delta,
    delta_file,
    enhanced,
    entity,
)

type Sample = Callable[[str], bytes]
_ON_BOTH = ON_SDN + '<sanctionsList datePublished="2014-07-29">CAPTA List</sanctionsList>'


def test_applying_a_delta_equals_loading_the_full_file(sample: Sample):
    before = enhanced(SDN, sample("us_ofac/sdn_enhanced_2025-01-10.xml"))
    change = delta(SDN, sample("us_ofac/delta_2025-01-13.xml"))["us_ofac_sdn"]
    after = {key: each for key, each in before.items() if key not in change.gone}
    after |= {each.id: each for each in change.put}
    assert set(change.gone) <= before.keys()
    assert after == enhanced(SDN, sample("us_ofac/sdn_enhanced_2025-01-13.xml"))


def test_a_delta_says_its_day_and_what_it_follows(sample: Sample):
    change = delta(SDN, sample("us_ofac/delta_2025-02-13.xml"))["us_ofac_sdn"]
    assert change.published_on == date(2025, 2, 13)
    assert change.follows == ("some_format",)
    assert [each.primary_name for each in change.put] == ["KHAN, Karim Asad Ahmad"]
    assert change.gone == ()


def test_a_delta_of_the_sdn_list_changes_nothing_on_the_others(sample: Sample):
    changes = delta(CONS, sample("us_ofac/delta_2025-01-13.xml"))
    assert len(changes) == 6
    assert all(each.put == () and each.gone == () for each in changes.values())


def test_an_entity_of_two_sources_goes_to_each():
    content = delta_file(
        entity(number=1, lists=_ON_BOTH, attributes=' action="add"'),
        entity(number=2, lists=_ON_BOTH, attributes=' action="remove"'),
    )
    sdn, capta = delta(SDN, content)["us_ofac_sdn"], delta(CONS, content)["us_ofac_capta"]
    assert [each.id for each in sdn.put] == ["us_ofac_sdn-1"]
    assert [each.id for each in capta.put] == ["us_ofac_capta-1"]
    assert (sdn.gone, capta.gone) == (("us_ofac_sdn-2",), ("us_ofac_capta-2",))
    assert capta.put[0].listed_on == date(2014, 7, 29)


def test_a_delta_without_entities_changes_nothing():
    assert delta(SDN, delta_file())["us_ofac_sdn"].put == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<sanctionsData/>", "publicationInfo is missing", id="nothing in it"),
        pytest.param(delta_file(day="today"), "datePublished: 'today' is not a time", id="day"),
        pytest.param(
            delta_file(
                entity(attributes=' action="add"'),
                '<entity id="7"><generalInfo><remarks action="update" oldValue="a">b</remarks>'
                "</generalInfo></entity>",
            ),
            r"1 entries are changed in part \(7\), .* load that file",
            id="a correction",
        ),
    ],
)
def test_a_file_that_cannot_be_applied_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_ofac_sdn: .*{reason}"):
        delta(SDN, content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(entity(attributes=' action="merge"'), "unknown action 'merge'", id="action"),
        pytest.param(
            entity(attributes=' action="add"') + entity(attributes=' action="remove"'),
            "occurs twice in the file",
            id="twice",
        ),
        pytest.param(
            entity(attributes=' action="add"').replace("<name>", '<name action="add">'),
            "unknown attribute 'action'",
            id="an action inside a whole entity",
        ),
    ],
)
def test_an_entity_that_cannot_be_read_is_refused_by_its_number(content: str, reason: str):
    with pytest.raises(RowRefusedError, match=f"^entry 1.*: .*{reason}"):
        delta(SDN, delta_file(content))


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("us_ofac/delta_2025-02-13.xml")
    whole, end = delta(SDN, content), content.rindex(b">")
    for length in (*range(0, end, 41), end):
        with pytest.raises(AbeyanceError):
            delta(SDN, content[:length])
    assert delta(SDN, content[: end + 1]) == whole
