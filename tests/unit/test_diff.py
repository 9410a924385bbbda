"""Two editions compared."""

from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.load import compare_editions

EDITIONS = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.sampled_from("xyz"))


def test_each_listing_is_listed_changed_gone_or_the_same():
    difference = compare_editions(
        {"same": "1", "other": "1", "away": "1"}, {"same": "1", "other": "2", "fresh": "1"}
    )
    assert difference.listed == ("fresh",)
    assert difference.changed == ("other",)
    assert difference.gone == ("away",)


@given(EDITIONS, EDITIONS)
def test_closing_and_storing_what_differs_turns_one_edition_into_the_other(
    before: dict[str, str], after: dict[str, str]
):
    difference = compare_editions(before, after)
    stands = {key: digest for key, digest in before.items() if key not in difference.closed}
    stored = {key: after[key] for key in difference.stored}
    assert not stands.keys() & stored.keys()
    assert stands | stored == after


@given(EDITIONS)
def test_the_same_edition_again_changes_nothing(edition: dict[str, str]):
    difference = compare_editions(edition, edition)
    assert not difference.stored
    assert not difference.closed
