"""No listing has an easing without the restriction that it eases."""

from abeyance_screening.engine.measures.measure import only_eases
from abeyance_screening.engine.screening.applicable_versions import decode
from abeyance_screening.engine.screening.index.index import ListingIndex
from tests.shipped_register import load


def test_every_easing_of_a_bundled_listing_stands_beside_its_base(bundled_index: ListingIndex):
    register = load()
    lonely = set[tuple[str, str]]()
    for position in range(bundled_index.listing_count):
        for version in bundled_index.entry(position).versions:
            listing = decode(version.body)
            behind = {each.id: each for each in register.attached_to(listing)}
            lonely |= {
                (listing.list_code, each.id)
                for each in behind.values()
                if only_eases(each) and behind.keys().isdisjoint(each.eases)
            }
    assert lonely == set()
