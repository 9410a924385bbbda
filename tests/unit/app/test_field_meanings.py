"""What a field means is read from beside it, its type, or the struct that it holds."""

from typing import Literal

import msgspec

from abeyance_screening.app.field_meanings import FieldMeanings, structs_within
from abeyance_screening.engine.lists.listing import CodeOfList, Fact, Listing
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.platform.http.problems import Problem

type Colour = Literal["red", "green"]
"""`red` or `green`."""
Length = float
"""Metres."""


class Shape(msgspec.Struct, kw_only=True):
    """Something that can be drawn.

    It has edges.
    """

    edges: int
    """How many edges."""
    length: Length
    width: Length | None
    colour: Colour
    said: Length
    """Metres, of the longest edge."""
    unsaid: int
    many: tuple[Length, ...]


class Square(Shape, kw_only=True, rename={"area": "area-m2"}):
    """A shape with four equal edges."""

    edges: int
    """Always four."""
    area: float
    """Square metres."""
    inside: Shape
    beside: Shape | None
    below: "Shape"


SAID = FieldMeanings().of(Square)


def test_the_string_under_a_field_says_what_it_means():
    assert FieldMeanings().of(Shape)["edges"] == "How many edges."
    assert SAID["edges"] == "Always four."


def test_a_field_has_its_name_on_the_wire():
    assert SAID["area-m2"] == "Square metres."
    assert "area" not in SAID


def test_a_field_without_a_string_means_what_its_type_says():
    assert SAID["length"] == SAID["width"] == "Metres."
    assert SAID["colour"] == "`red` or `green`."


def test_the_string_of_a_field_comes_before_that_of_its_type():
    assert SAID["said"] == "Metres, of the longest edge."


def test_a_field_that_holds_a_struct_means_what_the_struct_is():
    assert SAID["inside"] == "Something that can be drawn."


def test_where_null_is_possible_the_struct_does_not_say_when():
    assert SAID["beside"] is None


def test_a_field_of_which_nothing_is_said_has_no_meaning():
    assert SAID["unsaid"] is None
    assert SAID["many"] is None


class Borrowing(msgspec.Struct):
    """Fields whose types are of other modules."""

    code: CodeOfList
    status: StatusWord
    fact: Fact


def test_a_type_of_another_module_says_there_what_it_means():
    said = FieldMeanings().of(Borrowing)
    assert said["code"] == (
        "Code of the list, such as `us_bis_el`; `GET /v1/lists` has all of them."
    )
    assert str(said["status"]).startswith("The status on the day, in one word.")
    assert said["fact"] == "Anything else printed on an entry."


def test_a_problem_says_what_its_renamed_field_means():
    assert "RateLimit-Policy" in str(FieldMeanings().of(Problem)["violated-policies"])


def test_structs_are_found_at_any_depth():
    found = structs_within([dict[str, tuple[Listing, ...]], Square | None])
    assert {"Listing", "Name", "Fact", "Square", "Shape"} <= found.keys()
