"""Every reader reads in three grades: what is added is noted, one bad record costs only itself,
and a file that is cut, foreign or doubled is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import ReadFiles, listings_in
from abeyance_screening.engine.lists.formats import public_formats, read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from tests.unit.lists.grades.mutations import (
    VALUE,
    Files,
    Kind,
    Mutation,
    Sample,
    header_repeated,
)

type ReadFixture = Callable[[str], bytes]

SAMPLES: tuple[Sample, ...] = tuple(
    each
    for path in sorted((Path(__file__).parent / "grades").glob("*.py"))
    if path.stem != "mutations"
    for each in import_module(f"tests.unit.lists.grades.{path.stem}").SAMPLES
)
# So many cuts are tried all over a file, and so many at its last bytes, one by one.
CUTS = 60
REFUSALS = (ListRefusedError, RowRefusedError)


def read(sample: Sample, files: Files) -> ReadFiles:
    given = [GivenFile(f"file {number}", content) for number, content in enumerate(files)]
    found = read_files(sample.source, given, sources=(sample.source,), list_code=sample.list_code)
    assert found.format == sample.word
    return found


def listings_of(found: ReadFiles) -> Mapping[str, Listing]:
    return {listing.id: listing for each in found.parsed for listing in listings_in(each)}


def names_of(listings: Mapping[str, Listing]) -> set[str]:
    return {name.text for listing in listings.values() for name in listing.names}


def keeps_names(listing: Listing, whole: Listing) -> bool:
    """Return whether a listing has the names of the whole one, and one read whole just these."""
    if listing.unread is None:
        return listing.names == whole.names
    return {name.text for name in listing.names} >= {name.text for name in whole.names}


def mutated(kind: Kind) -> list[object]:
    return list(_mutated(kind))


def _mutated(kind: Kind) -> Iterator[object]:
    for sample in SAMPLES:
        mutation: Mutation | None = getattr(sample, kind)
        if mutation is None and kind != "torn":
            assert sample.not_applicable, f"{sample.word} has no mutation {kind}, and no reason"
        elif mutation is not None:
            yield pytest.param(sample, mutation, id=sample.word)


def test_every_format_has_a_sample():
    read_at_all = {each.word for each in public_formats() if not each.title.endswith("(refused)")}
    assert read_at_all <= {sample.word for sample in SAMPLES}


@pytest.mark.parametrize(("sample", "mutation"), mutated("unknown"))
def test_an_unknown_part_is_a_fact_of_its_entry_and_is_counted(
    sample_files: Callable[[Sample], Files], sample: Sample, mutation: Mutation
):
    whole, found = read(sample, sample_files(sample)), read(sample, mutation(sample_files(sample)))

    before, after = listings_of(whole), listings_of(found)
    assert after.keys() == before.keys()
    assert names_of(after) >= names_of(before)
    facts = [fact for listing in after.values() for fact in listing.facts if VALUE in fact.value]
    assert {fact.kind for fact in facts} == {"unknown_part"}
    parts = [part for each in found.parsed for part in each.read_in_part]
    assert any(part.count == len(facts) and part.example == VALUE for part in parts)


@pytest.mark.parametrize(("sample", "mutation"), [*mutated("blank"), *mutated("torn")])
def test_a_record_without_what_it_needs_costs_no_other(
    sample_files: Callable[[Sample], Files], sample: Sample, mutation: Mutation
):
    whole, found = read(sample, sample_files(sample)), read(sample, mutation(sample_files(sample)))

    before, after = listings_of(whole), listings_of(found)
    lost = before.keys() - after.keys()
    assert len(lost) <= 1
    assert all(keeps_names(after[key], before[key]) for key in before.keys() & after.keys())
    parts = [part for each in found.parsed for part in each.read_in_part]
    assert parts, "the slip is said"
    unread = [listing for listing in after.values() if listing.unread is not None]
    unnamed = [part for part in parts if part.may_hide == "name"]
    assert unread or unnamed or not lost


@pytest.mark.parametrize(("sample", "mutation"), mutated("code"))
def test_a_new_code_loses_no_name(
    sample_files: Callable[[Sample], Files], sample: Sample, mutation: Mutation
):
    whole, found = read(sample, sample_files(sample)), read(sample, mutation(sample_files(sample)))

    before, after = listings_of(whole), listings_of(found)
    assert names_of(after) >= names_of(before)
    assert all(listing.unread is None for listing in after.values())
    assert any(each.read_in_part for each in found.parsed)


@pytest.mark.parametrize("sample", [pytest.param(each, id=each.word) for each in SAMPLES])
def test_a_file_cut_somewhere_is_refused_or_loses_nothing(
    sample_files: Callable[[Sample], Files], sample: Sample
):
    _assert_cuts_lose_nothing(sample, sample_files(sample), CUTS // 5)


@pytest.mark.slow
@pytest.mark.parametrize("sample", [pytest.param(each, id=each.word) for each in SAMPLES])
def test_a_file_cut_anywhere_is_refused_or_loses_nothing(
    sample_files: Callable[[Sample], Files], sample: Sample
):
    _assert_cuts_lose_nothing(sample, sample_files(sample), CUTS)


def _assert_cuts_lose_nothing(sample: Sample, files: Files, cuts: int) -> None:
    """So many cuts from the beginning on, and as many before each of the last letters."""
    before = names_of(listings_of(read(sample, files)))
    size = len(files[0])
    stride = max(1, size // cuts)
    for length in (*range(1, max(1, size - cuts), stride), *range(max(1, size - cuts), size)):
        try:
            found = read(sample, (files[0][:length], *files[1:]))
        except REFUSALS:
            continue
        except AssertionError:
            continue  # read as another format of the source, whose own sample is cut as well
        names = names_of(listings_of(found))
        if sample.cut_is_seen:
            assert names == before, files[0][max(0, length - 80) : length]
        else:
            assert names <= before, files[0][max(0, length - 80) : length]


@pytest.mark.parametrize("sample", [pytest.param(each, id=each.word) for each in SAMPLES])
def test_two_editions_in_one_file_are_refused_or_read_as_one(
    sample_files: Callable[[Sample], Files], sample: Sample
):
    files = sample_files(sample)
    before = listings_of(read(sample, files))
    try:
        found = read(sample, (files[0] + files[0], *files[1:]))
    except REFUSALS:
        return
    assert listings_of(found) == before


@pytest.mark.parametrize(
    "sample", [pytest.param(each, id=each.word) for each in SAMPLES if each.header is not None]
)
def test_a_header_that_is_repeated_is_refused(
    sample_files: Callable[[Sample], Files], sample: Sample
):
    first, *others = sample_files(sample)
    assert sample.header is not None
    with pytest.raises(REFUSALS, match="header"):
        read(sample, (header_repeated(first, sample.header), *others))


@pytest.fixture
def sample_files(sample_file: ReadFixture) -> Callable[[Sample], Files]:
    """The files of a sample."""
    return lambda sample: tuple(map(sample_file, sample.files))


@pytest.fixture
def sample_file() -> ReadFixture:
    """A fixture file's bytes by its place under `tests/fixtures`."""
    return lambda place: (Path(__file__).parents[2] / "fixtures" / place).read_bytes()
