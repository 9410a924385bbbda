"""The walk of a question names the modules that it enters, once each, in order."""

from abeyance_screening.engine.names.form.normalise import normalise
from abeyance_screening.primitives.cursors import write_cursor
from abeyance_screening.primitives.days import plural
from tools.walk import Walk, repeated_walk, walk


def test_a_walk_has_the_modules_that_were_entered_in_order():
    walked = walk("a name", lambda: normalise("Никогда-не-спрошено Qzxvk Ltd"))
    assert walked.modules[0] == "abeyance_screening.engine.names.form.normalise"
    assert "abeyance_screening.engine.names.form.tokens" in walked.modules
    assert len(set(walked.modules)) == len(walked.modules)
    assert walked.folders == ("abeyance_screening.engine.names",)


def test_nothing_is_entered_where_nothing_of_the_service_is_called():
    assert walk("nothing", lambda: sum(range(9))) == Walk(question="nothing", modules=())


def test_a_second_walk_is_as_whole_as_the_first():
    first = walk("one", lambda: normalise("Erste Qzxvk Frage AG"))
    second = walk("two", lambda: normalise("Zweite Wvkzq Frage AG"))
    assert second.modules == first.modules


def test_what_is_called_only_sometimes_is_no_part_of_a_walk():
    only_once = iter([write_cursor])

    def ask() -> None:
        plural(2, "name")
        for each in only_once:
            each("a key")

    walked = repeated_walk("three times", ask, pause_s=0.0)
    assert walked.modules == ("abeyance_screening.primitives.days",)
    only_once = iter([write_cursor])
    assert walk("once", ask).modules == (
        "abeyance_screening.primitives.days",
        "abeyance_screening.primitives.cursors",
    )
