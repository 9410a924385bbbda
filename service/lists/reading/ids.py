"""Listing ids: given by this service, and the same from edition to edition."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from service.lists.listing import Listing

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
