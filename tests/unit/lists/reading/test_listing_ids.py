import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Address, Listing, Name
from abeyance_screening.engine.lists.reading.records import give_ids, key_of_name, key_of_number


def listing(name: str, country: str = "", address: str = "", entry_id: str | None = None):
    return Listing(
        id="",
        list_code="",
        names=(Name(text=name, kind="primary"),),
        countries=(country,) if country else (),
        addresses=(Address(text=address),) if address else (),
        entry_id=entry_id,
    )


def ids_of(listings: list[Listing]) -> list[str]:
    keyed = [(key_of_name(one.primary_name), one) for one in listings]
    return [one.id for one in give_ids("us_bis_el", keyed)]


@pytest.mark.parametrize("printed", ["21944", "KPe.053 ", "QDi.356", "S-001", "a_b"])
def test_a_number_fit_for_a_url_is_the_key(printed: str):
    assert key_of_number(printed) == printed.strip()


@pytest.mark.parametrize("printed", ["", "A/1", "Ünal", "a b", "..", "x" * 65, "id?x=1", "-1"])
def test_any_other_number_gives_its_digest(printed: str):
    key = key_of_number(printed)
    assert len(key) == 12
    assert set(key) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("printed", "again"),
    [
        pytest.param(
            "Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity",
            " HUAWEI Technologies Co., Ltd. (Huawei). Affiliated Entity ",
            id="case and spacing",
        ),
        pytest.param("UTAIR AVIATION JSC,", "UTAIR AVIATION JSC", id="DPL Utair: a comma behind"),
        pytest.param("JSC ?Almaz-Antey? MSDB", "JSC 'Almaz-Antey' MSDB", id="EL: ? for quotes"),
        pytest.param(
            "Xi?an Research Institute of Navigation Technology",
            "Xi\u2019an Research Institute of Navigation Technology",
            id="EL Xi'an: ? for an apostrophe",
        ),
        pytest.param(
            'SHAOHUA "ERIC" WANG', "SHAOHUA \u201cERIC\u201d WANG", id="DPL Wang: curled quotes"
        ),
        pytest.param("中芯国际集成电路（北京）", "中芯国际集成电路(北京)", id="full width"),  # noqa: RUF001
        pytest.param("Ünal  Şti.", "ÜNAL ŞTI", id="accents in any case"),
    ],
)
def test_a_name_is_the_same_key_however_it_is_punctuated(printed: str, again: str):
    assert key_of_name(printed) == key_of_name(again)


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        pytest.param("Huawei (Huawei)", "Huawei", id="a word more"),
        pytest.param("Ünal", "Unal", id="an accent"),
        pytest.param("???", "!!!", id="nothing but punctuation"),
        pytest.param("A B", "AB", id="a blank"),
    ],
)
def test_names_of_other_letters_are_other_keys(printed: str, other: str):
    assert key_of_name(printed) != key_of_name(other)


def test_the_id_of_a_known_entry_never_changes():
    assert ids_of([listing("Semiconductor Manufacturing International Corporation (SMIC)")]) == [
        "us_bis_el-6a90f82dc74c"
    ]


def test_entries_of_one_name_are_numbered_by_what_they_say():
    pakistan, china = listing("Heavy Works", "PK"), listing("Heavy Works", "CN")
    first = f"us_bis_el-{key_of_name('Heavy Works')}"
    assert ids_of([pakistan, china]) == [f"{first}-2", first]
    assert ids_of([china, pakistan]) == [first, f"{first}-2"]


def test_a_file_that_unites_the_addresses_numbers_the_orders_alike():
    """As the screening list does with the Denied Persons List: I. ASH, in two orders."""

    def order(day: str, country: str) -> Listing:
        listing_ = listing("I. ASH", country)
        return msgspec.structs.replace(listing_, citations=(day,))

    apart = [order("68 FR 38290", "US"), order("67 FR 10890", "ZZ")]
    united = [order("68 FR 38290", "AE"), order("67 FR 10890", "ZZ")]
    assert ids_of(apart) == ids_of(united)


def test_the_publishers_changing_id_does_not_renumber_entries():
    old = [listing("Heavy Works", "CN", "A", "ff"), listing("Heavy Works", "CN", "B", "00")]
    new = [listing("Heavy Works", "CN", "A", "00"), listing("Heavy Works", "CN", "B", "ff")]
    assert ids_of(old) == ids_of(new)


def test_entries_alike_in_all_but_the_publishers_id_still_have_ids_of_their_own():
    twins = [listing("Heavy Works", "CN", "A", "00"), listing("Heavy Works", "CN", "A", "ff")]
    assert len(set(ids_of(twins))) == 2


_LISTINGS = st.lists(
    st.builds(
        listing,
        st.sampled_from(["Heavy Works", "HEAVY  works", "Light Works"]),
        st.sampled_from(["", "CN", "PK"]),
        st.sampled_from(["", "Main Road 1", "Main Road 2"]),
        st.sampled_from([None, "1", "2"]),
    ),
    max_size=12,
)


@given(_LISTINGS, st.data())
def test_a_reordered_file_gives_every_entry_the_same_id(
    listings: list[Listing], data: st.DataObject
):
    shuffled = data.draw(st.permutations(range(len(listings))))
    ids = ids_of(listings)
    after = ids_of([listings[place] for place in shuffled])
    assert len(set(ids)) == len(ids)
    assert sorted(
        (repr(listings[place]), entry_id) for place, entry_id in zip(shuffled, after, strict=True)
    ) == (sorted((repr(one), entry_id) for one, entry_id in zip(listings, ids, strict=True)))
