"""How a listed name has the asked one in it; the listed names are of the bundled lists."""

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.screening.family import (
    Candidate,
    Kin,
    ListingMet,
    PartyFacts,
    PartyLaw,
    Shape,
    are_variants,
    is_within,
    kin_by_name,
    kin_of,
    kin_of_words,
)


def named(printed: str) -> Shape:
    return Shape(normalise(printed))


@pytest.mark.parametrize(
    ("asked", "listed", "kin"),
    [
        pytest.param("Dahua", "Dahua", Kin.SAME, id="the name itself"),
        pytest.param("T-Bank", "TBank", Kin.SAME, id="written as one"),
        pytest.param("Kaspersky", "AO Kaspersky Lab", Kin.BESIDE, id="a form and Lab"),
        pytest.param("Dahua", "Dahua Technology Company", Kin.BESIDE, id="Technology Company"),
        pytest.param(
            "Dahua", "Zhejiang Dahua Technology Co., Ltd.", Kin.BESIDE, id="its province before"
        ),
        pytest.param(
            "Zhejiang Dahua Technology Co., Ltd.", "Dahua Technology", Kin.BESIDE, id="shorter"
        ),
        pytest.param("Hytera", "Hytera Communications Limited", Kin.TRADED, id="its trade"),
        pytest.param("Rosneft", "Rosneft Trading S.A.", Kin.TRADED, id="a trade of many"),
        pytest.param("Huawei", "Huawei Denmark", Kin.PLACED, id="a branch"),
        pytest.param("Sberbank Europe AG", "Sberbank", Kin.PLACED, id="a branch is asked for"),
        pytest.param("ZTE", "ZTE Parsian", Kin.HOLDS, id="another firm"),
        pytest.param("Dahua", "Dahua Nonesuch Optics", Kin.HOLDS, id="more than a trade"),
        pytest.param("Dahua", "Hikvision", Kin.APART, id="another name"),
    ],
)
def test_a_listed_name_has_the_asked_one_in_it(asked: str, listed: str, kin: Kin):
    assert kin_of(named(asked), named(listed), listed) is kin


@pytest.mark.parametrize(
    ("printed", "piece", "kin"),
    [
        pytest.param(
            "China Electronics Technology Group Corporation (CETC)",
            "CETC",
            Kin.SAME,
            id="what the rest stands for",
        ),
        pytest.param(
            "20th Research Institute of China Electronic Technology Group Corporation (CETC)",
            "CETC",
            Kin.HOLDS,
            id="a part of it",
        ),
        pytest.param(
            "China Electronics Technology Group Corporation (CETC) 54th Research Institute",
            "CETC",
            Kin.HOLDS,
            id="a part of it, named last",
        ),
    ],
)
def test_an_abbreviation_in_brackets_names_what_the_rest_stands_for(
    printed: str, piece: str, kin: Kin
):
    shape = named(piece)
    assert kin_of(shape, shape, printed) is kin


@pytest.mark.parametrize(
    ("asked", "primary", "kin"),
    [
        pytest.param("BGI", "BGI Genomics Co., Ltd.", Kin.HOLDS, id="a subsidiary"),
        pytest.param("BGI", "BGI Group", Kin.SAME, id="the group"),
        pytest.param(
            "Hikvision",
            "Hangzhou Hikvision Digital Technology Co., Ltd.",
            Kin.SAME,
            id="the company in full",
        ),
        pytest.param("Iran Air", "Islamic Republic of Iran Airlines", Kin.SAME, id="another name"),
    ],
)
def test_a_subsidiary_that_goes_by_the_name_of_its_group_only_holds_it(
    asked: str, primary: str, kin: Kin
):
    name, own_name = named(asked), named(primary)
    own = kin_of_words(name, own_name)
    assert kin_by_name(Kin.SAME, own, name, own_name) is kin


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        pytest.param("The Houthis", "Houthi", True, id="a plural"),
        pytest.param("MAHAN AIRWAYS", "Mahan Air", True, id="Airways and Air"),
        pytest.param(
            "ISLAMIC REPUBLIC OF IRAN SHIPPING LINE",
            "The Islamic Republic of Iran Shipping Lines",
            True,
            id="one word of several",
        ),
        pytest.param("MAHAN AIR GENERAL TRADING LLC", "Mahan Air", False, id="another firm"),
    ],
)
def test_names_vary_in_a_plural_and_in_air(one: str, other: str, are: bool):
    assert are_variants(named(one), named(other)) is are


@pytest.mark.parametrize(
    ("primary", "asked", "is_part"),
    [
        pytest.param("Wagner", "PMC Wagner", True, id="a rare name"),
        pytest.param("Bank Rossiya", "Central Bank of Russia", False, id="words of many banks"),
        pytest.param("MTS", "MTS Sistema", False, id="initials"),
    ],
)
def test_the_asked_name_has_a_rare_one_within(primary: str, asked: str, is_part: bool):
    assert is_within(named(primary), named(asked)) is is_part


class ShownError(Exception):
    """The law of a party was worked out where its measures say enough."""


def unshown(_: PartyFacts) -> PartyLaw:
    raise ShownError


def subsidiary_under(*measures: str) -> Candidate:
    facts = PartyFacts(
        party="us_bis_el-1", places=(1,), prints=(), perhaps={}, apart=frozenset[str]()
    )
    met = ListingMet(
        position=1,
        kin=Kin.HOLDS,
        own=Kin.HOLDS,
        score=0.7,
        entity_type=None,
        list_code="us_bis_el",
    )
    return Candidate(
        facts=facts,
        meetings=(met,),
        is_agreed=False,
        show=unshown,
        reaching=lambda _: frozenset(measures),
    )


def test_the_law_of_a_subsidiary_is_worked_out_only_where_it_may_be_another():
    known = frozenset({"us-bis-entity-list", "us-ofac-sdn"})
    assert not subsidiary_under("us-bis-entity-list").is_otherwise(known)
    with pytest.raises(ShownError):
        subsidiary_under("us-bis-entity-list", "cn-mofcom-uel").is_otherwise(known)
