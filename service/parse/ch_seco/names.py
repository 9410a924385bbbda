"""The names of a target of the Swiss list: parts with spelling variants, put together."""

from collections.abc import Iterator, Sequence

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Fact, Name, NameKind
from service.parse.ch_seco.elements import category
from service.parse.elements import ElementRow

_NAME_TYPES: dict[str, NameKind] = {
    "primary-name": "primary",
    "alias": "alias",
    "formerly-known-as": "former",
}
_IS_WEAK = {"good": False, "low": True}
# Whether a part belongs to the spoken name.
_PART_TYPES = {
    "given-name": True,
    "further-given-name": True,
    "father-name": True,
    "grand-father-name": True,
    "family-name": True,
    "tribal-name": True,
    "whole-name": True,
    "suffix": True,
    "other": True,
    "maiden-name": False,
    "title": False,
}


class _Variant(msgspec.Struct, frozen=True):
    text: str
    language: str | None


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    order: int
    kind: str
    value: str
    variants: tuple[_Variant, ...]


class PrintedNames(msgspec.Struct, frozen=True, kw_only=True):
    """The names of one identity; those of kind `primary` may be several, or weak and so none."""

    names: tuple[Name, ...]
    facts: tuple[Fact, ...]


def names_of(identity: ElementRow) -> PrintedNames:
    """The names of an identity in printed order, each followed by its other spellings.

    Raises:
        RowRefusedError: an unknown kind of name or part, or one that cannot be read.
    """
    names, facts = list[Name](), list[Fact]()
    for row in identity.rows("name"):
        parts = sorted(
            (_part(part) for part in row.rows("name-part")), key=lambda part: part.order
        )
        kind = _kind(row)
        language = row.attribute("lang")
        row.close("ssid")
        names += _spelled(parts, kind, language)
        facts += (
            Fact(kind=part.kind.replace("-", "_"), value=part.value)
            for part in parts
            if not _PART_TYPES[part.kind]
        )
    return PrintedNames(names=tuple(names), facts=tuple(facts))


def _kind(row: ElementRow) -> NameKind:
    kind = category(row, "name-type", _NAME_TYPES)
    is_weak = category(row, "quality", _IS_WEAK)
    return "weak_alias" if is_weak and kind != "former" else kind


def _part(row: ElementRow) -> _Part:
    order, kind = row.take_attribute("order"), row.take_attribute("name-part-type")
    if kind not in _PART_TYPES:
        raise RowRefusedError(row.where, f"name-part-type: unknown {kind!r}")
    if not order.isascii() or not order.isdigit():
        raise RowRefusedError(row.where, f"order: {order!r} is not a number")
    variants = tuple(_variants(row))
    value = row.find("value")
    row.close()
    return _Part(order=int(order), kind=kind, value=value or "", variants=variants)


def _variants(row: ElementRow) -> Iterator[_Variant]:
    for part in row.rows("spelling-variant"):
        language, script, text = part.attribute("lang"), part.attribute("script"), part.own_text()
        # `not-defined` wherever it was seen
        part.close("spelling-variant-type")
        if text is not None:
            yield _Variant(text, " ".join(filter(None, (language, script))) or None)


def _spelled(parts: Sequence[_Part], kind: NameKind, language: str | None) -> Iterator[Name]:
    """The name as printed, then in each language's spelling, then with the maiden name."""
    spoken = [part for part in parts if _PART_TYPES[part.kind]]
    other: NameKind = "alias" if kind == "primary" else kind
    printed = [part.value for part in spoken]
    yield from _named(printed, kind, language)
    for spelling_language in dict.fromkeys(
        each.language for part in spoken for each in part.variants
    ):
        for texts in _spellings(spoken, spelling_language):
            yield from _named(texts, other, spelling_language)
    for maiden in (part.value for part in parts if part.kind == "maiden-name"):
        texts = [maiden if part.kind == "family-name" else part.value for part in spoken]
        yield from _named(texts if texts != printed else [maiden], other, language)


def _spellings(parts: Sequence[_Part], language: str | None) -> Iterator[list[str]]:
    """The first spelling of every part together, then each further one in its place.

    Not all of them with all others: some names would have a thousand forms.
    """
    spelled = [
        [each.text for each in part.variants if each.language == language] for part in parts
    ]
    first = [texts[0] if texts else part.value for texts, part in zip(spelled, parts, strict=True)]
    yield first
    for place, texts in enumerate(spelled):
        for text in texts[1:]:
            yield [*first[:place], text, *first[place + 1 :]]


def _named(texts: Sequence[str], kind: NameKind, language: str | None) -> Iterator[Name]:
    text = " ".join(filter(None, texts)).strip(" ,;")
    if text:
        yield Name(text=text, kind=kind, language=language)
