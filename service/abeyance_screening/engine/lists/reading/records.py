"""Records: each part of a row or an object is read once, by name, so that nothing goes unread.

A listing read from one gets an id of this service's own, the same from edition to edition.
"""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from typing import cast

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.unknown_parts import may_hide_in, note_unknown
from abeyance_screening.primitives.choices import explained
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# The columns that hold a party's names, on all lists, by a word in their headings.
NAMES = re.compile("name|alias|known as|名", re.IGNORECASE)


def doubles(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once, each once, in order of first appearance."""
    return [name for name, times in Counter(names).items() if times > 1]


class Row[T]:
    """One record of a list file: a CSV row, or the children of an XML element by their tag.

    Each part is read once, by its name; `close` notes the parts that were not read. JSON records
    are as strict by means of structs (see `engine.lists.reading.records`). `where` is the place
    that a refusal names. A note calls each part a `part` of its `owner`. A record whose parts
    cannot be told apart with certainty has a `fault`, which every reading of it raises.
    """

    def __init__(
        self,
        where: str,
        parts: Mapping[str, T],
        *,
        part: str = "column",
        owner: str | None = None,
        fault: str | None = None,
    ) -> None:
        self.where = where
        self._printed = parts
        self._parts = dict(parts)
        self._part = part
        self._of = "" if owner is None else f" of {owner}"
        self._fault = fault

    def take(self, name: str) -> T:
        """Remove the part with a name from the record and return it."""
        self._check_whole()
        try:
            return self._parts.pop(name)
        except KeyError:
            raise RowRefusedError(self.where, f"{name!r} is missing") from None

    def peek(self, name: str) -> T:
        """Return the part with a name but keep it in the record, to be read again later."""
        part = self.take(name)
        self._parts[name] = part
        return part

    def find(self, name: str) -> T | None:
        """Remove the part with a name from the record and return it, or None if it is missing."""
        self._check_whole()
        return self._parts.pop(name, None)

    def printed(self, name: str) -> T | None:
        """Return the part with a name whether it was read or not, or None if it is missing."""
        return self._printed.get(name)

    @property
    def content(self) -> tuple[T, ...] | None:
        """All parts as printed, in order; None for a record with a fault."""
        return None if self._fault is not None else tuple(self._printed.values())

    @property
    def names(self) -> AbstractSet[str]:
        """The names of all parts, read or not."""
        return self._printed.keys()

    def printed_names(self) -> tuple[str, ...]:
        """Return what is printed under headings of names, to find an unreadable record by."""
        named = (value for name, value in self._printed.items() if NAMES.search(name))
        return filled(value for value in named if isinstance(value, str))

    def close(self, ignore: Collection[str] = (), text_of: Callable[[T], str] = str) -> None:
        """End the record; `ignore` are parts known to carry nothing about the party.

        What was not read is noted with its text, as the publisher's format has grown.
        """
        self._check_whole()
        is_in_name = self._part == "element" and may_hide_in(self._of) == "name"
        for name, value in self._parts.items():
            if name not in ignore:
                text = "" if value is None else text_of(value)
                what = f"{self._part} {name!r}{self._of}"
                hidden = may_hide_in(name) or ("name" if is_in_name else None)
                note_unknown(self.where, what, text, may_hide=hidden)

    def _check_whole(self) -> None:
        if self._fault is not None:
            raise RowRefusedError(self.where, self._fault)


def refusal_of(error: msgspec.ValidationError, kind: object, where: str = "") -> RowRefusedError:
    """Turn msgspec's error into a refusal; the path that it names becomes part of the place.

    `kind` is the type that was read.
    """
    reason, _, path = explained(error, kind).partition(" - at `$")
    place = path.removesuffix("`").removeprefix(".")
    return RowRefusedError(", ".join(filter(None, (where, place))) or "the file", reason)


def filled(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts trimmed and in order, without blank ones and exact repeats."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, texts))))


# --- Objects of JSON files, read into structs.


def read_struct[S: msgspec.Struct](where: str, record: object, struct: type[S]) -> S:
    """Return a decoded JSON object as a struct; fields that the struct lacks are noted.

    `where` is the place of the record, to which a refusal adds the path of the fault.
    """
    known = _known(where, "", record, _type_of(struct))
    try:
        return msgspec.convert(known, struct)
    except msgspec.ValidationError as error:
        raise refusal_of(error, struct, where) from None


def texts_under(record: object, *fields: str) -> tuple[str, ...]:
    """Return all texts under some fields of a decoded JSON object, to find the record by."""
    if not isinstance(record, Mapping):
        return ()
    parts = cast("Mapping[str, object]", record)
    return tuple(text for field in fields for text in _texts(parts.get(field)))


@cache
def _type_of(struct: type[msgspec.Struct]) -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(struct)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = cast("Mapping[str, object]", value).values()
    elif isinstance(value, list):
        inside = cast("list[object]", value)
    return tuple(text for each in inside for text in _texts(each))


def _known(where: str, path: str, value: object, kind: msgspec.inspect.Type) -> object:
    """Return a value without the fields that its type lacks, each of them noted."""
    match kind, value:
        case msgspec.inspect.UnionType(types=kinds), _:
            nesting = [each for each in kinds if isinstance(each, _NESTING)]
            return _known(where, path, value, nesting[0]) if nesting else value
        case msgspec.inspect.ListType() | msgspec.inspect.VarTupleType(), list():
            items = cast("list[object]", value)
            return [_known(where, path, each, kind.item_type) for each in items]
        case msgspec.inspect.StructType(), dict():
            return _known_fields(where, path, cast("dict[str, object]", value), kind)
        case _:
            return value


def _known_fields(
    where: str, path: str, value: Mapping[str, object], kind: msgspec.inspect.StructType
) -> dict[str, object]:
    fields = {field.encode_name: field.type for field in kind.fields}
    for name in value.keys() - fields.keys():
        printed = value[name]
        text = printed if isinstance(printed, str) else msgspec.json.encode(printed).decode()
        what = f"field {name!r}{f' of {path}' if path else ''}"
        note_unknown(where, what, text, may_hide=may_hide_in(name))
    return {
        name: _known(where, name, each, fields[name])
        for name, each in value.items()
        if name in fields
    }


_NESTING = (msgspec.inspect.StructType, msgspec.inspect.ListType, msgspec.inspect.VarTupleType)


# --- Ids of listings: given by this service, and the same from edition to edition.

# A key that is kept as printed: ids go into URLs and into other people's files.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# 12 hex digits are 48 bits: among 25,000 names the chance of a collision is one in a million, and
# a collision would only number the two entries as if they shared a name.
_DIGEST_LENGTH = 12
# Quotes are often left out, or become question marks in a faulty conversion. All other
# punctuation counts as a space, except the marks that belong to a letter (category M).
_QUOTES = re.compile(r"[\"'?`\u00b4\u02b0-\u02ff\u2018-\u201f\u2032\u2033\u00ab\u00bb\ufffd]")
_ASCII_MARKS = re.compile(r"[^a-z0-9]+")
_LETTERS = frozenset("LMN")


def key_of_number(printed: str) -> str:
    """Return the key for a publisher's lasting number: as printed, or a digest if not URL-safe."""
    number = printed.strip()
    return number if _SAFE.fullmatch(number) else _digest(number)


def key_of_name(printed: str) -> str:
    """Return the key for an entry without a number: a digest of its name's letters and digits.

    Case, spacing, quotes and all other punctuation make no difference: publishers correct them
    from edition to edition, and print `JSC ?Almaz-Antey?` in one file and `JSC 'Almaz-Antey'` in
    another. For a name of nothing but punctuation the digest is of the printed text.
    """
    return _digest(_letters_of(printed) or " ".join(printed.split()))


def give_ids(list_code: str, keyed: Sequence[tuple[str, Listing]]) -> tuple[Listing, ...]:
    """Return the listings with their ids `<list_code>-<key>`, in the order given.

    Entries of one list that share a key (the Entity List prints a party once for each address)
    are numbered `-2`, `-3`, … by their content, never by their position in the file: by
    citations, day of listing, countries, addresses, and then everything else. A reordered file
    therefore gives the same ids, as does another file of the list that merges the addresses. When
    one of several entries of the same name is removed, those numbered after it move up: an
    edition does not show which of them the publisher meant to keep.
    """
    sharing = defaultdict[str, list[int]](list)
    for position, (key, _) in enumerate(keyed):
        sharing[key].append(position)
    ids = [""] * len(keyed)
    for key, positions in sharing.items():
        if len(positions) > 1:
            positions.sort(key=lambda position: _content_key(keyed[position][1]))
        for number, position in enumerate(positions, start=1):
            ids[position] = f"{list_code}-{key}" if number == 1 else f"{list_code}-{key}-{number}"
    return tuple(
        listing
        if (listing.id, listing.list_code) == (listing_id, list_code)
        else msgspec.structs.replace(listing, id=listing_id, list_code=list_code)
        for listing_id, (_, listing) in zip(ids, keyed, strict=True)
    )


def by_number(records: Iterable[tuple[object, Listing]]) -> list[tuple[str, Listing]]:
    """Return the listings of records, each with the key of its number, or else of its name."""
    return [(key_of_number(each.entry_id or each.primary_name), each) for _, each in records]


def by_name(records: Iterable[tuple[object, Listing]]) -> list[tuple[str, Listing]]:
    """Return the listings of records, each with the key of its primary name."""
    return [(key_of_name(each.primary_name), each) for _, each in records]


def one_edition(
    list_code: str,
    keyed: Sequence[tuple[str, Listing]],
    published_on: date | None = None,
    *,
    lacks: str = "the file has no entries",
) -> tuple[ParsedEdition, ...]:
    """Return the edition of a file of one list, with the ids that `give_ids` makes of the keys."""
    if not keyed:
        raise ListRefusedError(list_code, lacks)
    listings = give_ids(list_code, keyed)
    return (ParsedEdition(list_code=list_code, published_on=published_on, listings=listings),)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


def _letters_of(printed: str) -> str:
    text = unicodedata.normalize("NFKC", _QUOTES.sub("", printed)).casefold()
    if text.isascii():
        return _ASCII_MARKS.sub(" ", text).strip()
    kept = (letter if unicodedata.category(letter)[0] in _LETTERS else " " for letter in text)
    return " ".join("".join(kept).split())


def _content_key(listing: Listing) -> tuple[str, ...]:
    # The publisher's own id comes last: trade.gov gives its unnumbered rows a new id whenever any
    # of their fields changes.
    content = msgspec.structs.replace(listing, id="", entry_id=None)
    listed_on = "" if listing.listed_on is None else listing.listed_on.isoformat()
    return (
        " ".join(listing.citations),
        listed_on,
        " ".join(listing.countries),
        " ".join(address.text for address in listing.addresses),
        msgspec.json.encode(content).decode(),
        listing.entry_id or "",
    )
