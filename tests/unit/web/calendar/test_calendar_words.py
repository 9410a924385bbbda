"""Words of the calendar for several measures at once."""

from abeyance_screening.features.calendar.picture import of_all, places


def test_places_are_named_once_each():
    assert places(["CN", "US", "CN"]) == "China and United States"
    assert places(["EU"]) == "European Union"
    assert places(["US", "CN", "EU"]) == "United States, China and European Union"


def test_of_several_a_sentence_says_how_many():
    assert of_all("It ended.", 3) == "The same for all three. It ended."
