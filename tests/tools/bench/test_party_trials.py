"""Parties are measured against what publishers print, with that taken out."""

import msgspec
import pytest

from abeyance_screening.bench.other_trials import Pair
from abeyance_screening.bench.party_trials import party_figures, without_proof
from abeyance_screening.engine.lists.listing import Fact, Identifier, Listing, Name


def listed(listing_id: str, *names: str, inn: str | None = None, un: str | None = None) -> Listing:
    code, _, key = listing_id.rpartition("-")
    return Listing(
        id=listing_id,
        list_code=code,
        entry_id=key,
        entity_type="organisation",
        names=tuple(
            Name(text=text, kind="alias" if place else "primary")
            for place, text in enumerate(names)
        ),
        countries=("RU",),
        identifiers=() if inn is None else (Identifier(kind="INN", value=inn),),
        facts=() if un is None else (Fact(kind="un_reference_number", value=un),),
    )


LISTINGS = (
    listed("us_ofac_sdn-1", "Borogove Slithy Mills", "Toves of the Wabe", inn="7707083893"),
    listed("uk_sl-1", "Borogove Slithy Mills", inn="7707083893"),
    listed("us_ofac_sdn-2", "Jubjub Trading", inn="7750004150"),
    listed("uk_sl-2", "Bandersnatch Works", inn="7750004150"),
    listed("un_sc-QDe.069", "Frumious Vorpal Foundation"),
    listed("uk_sl-3", "Frumious Vorpal Foundation", un="QDe.069"),
)


def test_what_is_joined_without_numbers_and_references():
    figures = party_figures(LISTINGS, ())
    assert {(each.proof, each.pairs, each.recall) for each in figures.held_out} == {
        ("numbers", 2, 0.5),
        ("references", 1, 1.0),
    }
    assert (figures.judged, figures.precision) == (2, 1.0)


def test_either_reference_of_a_party_that_a_list_has_entered_twice_is_its_own():
    name = "Galumphing Frabjous Foundation"
    twice = [
        msgspec.structs.replace(
            listed(f"un_sc-{number}", name),
            programmes=(programme,),
        )
        for number, programme in (("QDe.070", "AL-QAIDA"), ("SOe.009", "SOMALIA"))
    ]
    figures = party_figures([*twice, listed("uk_sl-9", name, un="SOe.009")], ())
    assert (figures.judged, figures.precision) == (2, 1.0)


def test_an_alias_of_one_list_is_asked_for():
    asked = party_figures(LISTINGS, ()).asked
    assert asked is not None
    assert asked.firms == 1
    assert (asked.none_alone, asked.none) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("pair", "recall", "false_share"),
    [
        pytest.param(
            Pair("Jubjub Trading", "Bandersnatch Works", True, "", None), 1.0, None, id="a match"
        ),
        pytest.param(
            Pair("Jubjub Trading", "Frumious Vorpal Foundation", False, "", None),
            None,
            0.0,
            id="another",
        ),
    ],
)
def test_labelled_pairs(pair: Pair, recall: float | None, false_share: float | None):
    pairs = party_figures(LISTINGS, [pair]).pairs
    assert pairs is not None
    assert (pairs.recall, pairs.false_share) == (recall, false_share)


def test_proof_is_all_that_is_taken_out():
    plain = without_proof(LISTINGS[0])
    assert (plain.identifiers, plain.facts) == ((), ())
    assert (
        msgspec.structs.replace(plain, identifiers=LISTINGS[0].identifiers, entry_id="1")
        == (LISTINGS[0])
    )
