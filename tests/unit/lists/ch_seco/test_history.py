from datetime import date

import pytest

from tests.unit.lists.ch_seco.target_files import change, entity, read_target

_2014, _2016, _2022 = "2014-03-01", "2016-03-01", "2022-02-28"


@pytest.mark.parametrize(
    ("changes", "listed", "delisted"),
    [
        pytest.param((), None, None, id="no history"),
        pytest.param((("listed", _2014),), _2014, None, id="listed"),
        pytest.param((("amended", _2016), ("listed", _2014)), _2014, None, id="amended since"),
        pytest.param((("amended", _2016),), None, None, id="only an amendment"),
        pytest.param((("de-listed", _2016), ("listed", _2014)), _2014, _2016, id="taken off"),
        pytest.param((("de-listed", _2016),), None, _2016, id="taken off, nothing before"),
        pytest.param(
            (("listed", _2022), ("de-listed", _2016), ("listed", _2014)),
            _2022,
            None,
            id="again on",
        ),
        pytest.param((("listed", _2016), ("listed", _2014)), _2014, None, id="listed twice"),
        pytest.param(
            (("amended", _2014), ("de-listed", _2016), ("listed", _2014)),
            _2014,
            _2016,
            id="printed out of order: the day tells",
        ),
        pytest.param(
            (("listed", _2016), ("de-listed", _2016), ("listed", _2014)),
            _2016,
            None,
            id="off and on again on one day: the first printed is the newest",
        ),
        pytest.param(
            (("de-listed", _2016), ("listed", _2016)), _2016, _2016, id="on and off on one day"
        ),
        pytest.param(
            (("amended", _2022), ("de-listed", _2016), ("listed", _2014)),
            _2014,
            None,
            id="amended after it was taken off, so on the list",
        ),
    ],
)
def test_the_history_tells_since_when_a_target_is_on_the_list_or_off(
    changes: tuple[tuple[str, str], ...], listed: str | None, delisted: str | None
):
    listing = read_target(entity(after="".join(change(kind, day) for kind, day in changes)))
    days = (listing.listed_on, listing.delisted_on)
    assert [day and day.isoformat() for day in days] == [listed, delisted]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(
            'effective-date="2016-03-02" publication-date="2016-03-01"', date(2016, 3, 2), id="all"
        ),
        pytest.param(
            'enactment-date="2016-02-29" publication-date="2016-03-01"',
            date(2016, 2, 29),
            id="no day of effect",
        ),
        pytest.param('publication-date="2016-03-01"', date(2016, 3, 1), id="only published"),
        pytest.param("", None, id="none"),
    ],
)
def test_the_day_of_effect_counts_then_that_of_enactment(days: str, expected: date | None):
    listed = f'<modification modification-type="listed" {days}/>'
    assert read_target(entity(after=listed)).listed_on == expected


def test_what_a_modification_added_is_no_part_of_the_target():
    copy = "<entity><identity/></entity>"
    history = change("amended", _2016, f"<added>{copy}</added><removed>{copy}</removed>")
    assert [name.text for name in read_target(entity(after=history)).names] == ["Acme"]
