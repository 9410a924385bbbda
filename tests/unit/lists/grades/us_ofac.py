"""OFAC's lists, mutated."""

from tests.unit.lists.grades.mutations import (
    VALUE,
    Files,
    Mutation,
    Sample,
    attribute_added,
    element_added,
    replaced,
    text_emptied,
)

_SDN, _CONS = "us_ofac_sdn", "us_ofac_cons"
_SDN_SET = ("sdn_2021", "alt_2021", "add_2021", "sdn_comments_2021")
_CONS_SET = ("cons_prim_2025", "cons_alt_2025", "cons_add_2025", "cons_comments_2025")


def _places(*names: str) -> tuple[str, ...]:
    return tuple(f"us_ofac/{name}" for name in names)


def _after(mark: str, mutation: Mutation) -> Mutation:
    """Mutate only what follows a mark in the first file."""

    def mutate(files: Files) -> Files:
        before, found, after = files[0].partition(mark.encode())
        assert found, f"{mark!r} is not in the file"
        (changed, *others) = mutation((after, *files[1:]))
        return (before + found + changed, *others)

    return mutate


def _enhanced(source: str, word: str, file: str) -> Sample:
    return Sample(
        word=f"{word}_enhanced",
        source=source,
        files=_places(file),
        unknown=element_added("generalInfo"),
        blank=_after("<entities>", text_emptied("entityType")),
        code=_after("<entities>", replaced(">A.K.A.<", ">P.K.A.<")),
    )


def _classic(source: str, word: str, file: str) -> Sample:
    return Sample(
        word=f"{word}_xml",
        source=source,
        files=_places(file),
        unknown=element_added("sdnEntry"),
        blank=text_emptied("sdnType"),
        code=replaced("<category>strong<", "<category>middling<"),
    )


def _delta(source: str, word: str, file: str, number: int) -> Sample:
    added = f'id="{number}" action="add">'
    return Sample(
        word=f"{word}_delta",
        source=source,
        files=_places(file),
        unknown=_after(added, element_added("generalInfo")),
        blank=_after(added, text_emptied("entityType")),
        code=_after(added, replaced(">A.K.A.<", ">P.K.A.<")),
    )


def _advanced(source: str, word: str, file: str) -> Sample:
    return Sample(
        word=f"{word}_advanced",
        source=source,
        files=_places(file),
        unknown=attribute_added("Profile"),
        blank=_feature_emptied,
        code=replaced('LowQuality="false"', 'LowQuality="perhaps"'),
    )


def _feature_emptied(files: Files) -> Files:
    """Blank the kind of the first party's first feature."""
    before, feature, after = files[0].partition(b'FeatureTypeID="')
    while b"<DistinctParty " not in before:
        further, feature, after = after.partition(b'FeatureTypeID="')
        before += feature + further
    return (before + feature + after[after.index(b'"') :],)


def _tables(word: str, source: str, names: tuple[str, ...], party: str) -> Sample:
    """Return the sample of a set of CSV files; `party` begins a row that has a type."""
    number, _, name = party.partition(",")
    return Sample(
        word=word,
        source=source,
        files=_places(*(f"{each}.csv" for each in names)),
        unknown=column_without_heading,
        blank=replaced(f"{number},{name}", f"-0- ,{name}"),
        code=_after(f"{name},", _typed("submarine")),
        torn=replaced(f"{number},{name}", f"{number},{name},-0- "),
    )


def column_without_heading(files: Files, file: int = 0) -> Files:
    """Add a cell at the end of each row of a table, filled in the first one."""
    first, *others = files[file].removesuffix(b"\r\n").split(b"\r\n")
    rows = (each if each == b"\x1a" else each + b",-0- " for each in others)
    grown = b"\r\n".join((f'{first.decode()},"{VALUE}"'.encode(), *rows))
    return (*files[:file], grown, *files[file + 1 :])


def _typed(word: str) -> Mutation:
    """Print another type in place of the first cell."""

    def mutate(files: Files) -> Files:
        return (f'"{word}",'.encode() + files[0].partition(b",")[2], *files[1:])

    return mutate


SAMPLES = (
    _enhanced(_SDN, "ofac_sdn", "sdn_enhanced_2025-01-13.xml"),
    _enhanced(_CONS, "ofac_cons", "cons_enhanced_short_2025.xml"),
    _classic(_SDN, "ofac_sdn", "sdn_2025.xml"),
    _classic(_CONS, "ofac_cons", "consolidated_2021.xml"),
    _delta(_SDN, "ofac_sdn", "delta_2025-01-13.xml", 52485),
    _delta(_CONS, "ofac_cons", "delta_cons_2025.xml", 27016),
    _advanced(_SDN, "ofac_sdn", "sdn_advanced_2024.xml"),
    _advanced(_CONS, "ofac_cons", "cons_advanced_2025.xml"),
    _tables("ofac_sdn_csv_alone", _SDN, _SDN_SET[:1], '4234,"HERMANN"'),
    _tables("ofac_sdn_csv", _SDN, _SDN_SET, '4234,"HERMANN"'),
    _tables("ofac_cons_csv", _CONS, _CONS_SET, '9647,"ZAHHAR, Mahmoud Khaled"'),
)
