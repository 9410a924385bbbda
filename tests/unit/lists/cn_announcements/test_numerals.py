import pytest

from abeyance_screening.engine.lists.cn_announcements.announcements import number_of


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        pytest.param("7", 7, id="a digit"),
        pytest.param("一", 1, id="one"),
        pytest.param("十", 10, id="ten"),
        pytest.param("十四", 14, id="fourteen"),
        pytest.param("二十", 20, id="twenty"),
        pytest.param("三十九", 39, id="thirty-nine"),
        pytest.param("二〇二五", 2025, id="a year, digit by digit"),
        pytest.param("二零二六", 2026, id="a year with another zero"),
        pytest.param("", None, id="nothing"),
        pytest.param("百", None, id="another word"),
        pytest.param("十十", None, id="no number"),
    ],
)
def test_a_numeral_is_read(printed: str, number: int | None):
    assert number_of(printed) == number
