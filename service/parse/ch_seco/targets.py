"""A target of the Swiss list, taken apart."""

from collections.abc import Iterator, Sequence

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import EntityType, Fact, Name
from service.parse.ch_seco.elements import category
from service.parse.ch_seco.history import Standing, standing_of
from service.parse.ch_seco.identities import Identity, identity_of
from service.parse.elements import ElementRow
from service.parse.printed_names import collect_names
from service.parse.rows import filled

_SUBJECTS: dict[str, EntityType] = {"individual": "person", "entity": "organisation"}
_OBJECT = "object"
_OBJECT_TYPES: dict[str, EntityType] = {"vessel": "vessel", "aircraft": "aircraft"}


class Relation(msgspec.Struct, frozen=True):
    """A tie to another target, by its number."""

    kind: str
    number: str
    remark: str | None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A target as printed; `names` hold exactly one primary, first."""

    where: str
    number: str
    entity_type: EntityType
    names: tuple[Name, ...]
    sets: tuple[str, ...]
    identities: tuple[Identity, ...]
    justifications: tuple[str, ...]
    information: tuple[str, ...]
    relations: tuple[Relation, ...]
    facts: tuple[Fact, ...]
    standing: Standing


def target_of(row: ElementRow) -> Target:
    """A target taken apart, with what it refers to still by number.

    Raises:
        RowRefusedError: a part is missing, unknown or cannot be read.
    """
    number, older_set = row.take_attribute("ssid"), row.attribute("sanctions-set-id")
    sets = filled((older_set or "", *row.texts("sanctions-set-id")))
    if not sets:
        raise RowRefusedError(row.where, "'sanctions-set-id' is missing")
    foreign = tuple(
        Fact(kind="foreign_identifier", value=text) for text in row.texts("foreign-identifier")
    )
    subject, entity_type = _subject(row)
    sex = subject.attribute("sex")
    identities = tuple(identity_of(part) for part in subject.rows("identity"))
    target = Target(
        where=row.where,
        number=number,
        entity_type=entity_type,
        names=_names(row.where, identities),
        sets=sets,
        identities=identities,
        justifications=_texts(subject, "justification"),
        information=_texts(subject, "other-information"),
        relations=tuple(_relation(part) for part in subject.rows("relation")),
        facts=(
            *foreign,
            *(() if sex is None else (Fact(kind="gender", value=sex),)),
            *_generic_attributes(row),
            *_generic_attributes(subject),
        ),
        standing=standing_of(row),
    )
    subject.close("ssid")
    row.close()
    return target


def _subject(row: ElementRow) -> tuple[ElementRow, EntityType]:
    found = [(tag, part) for tag in (*_SUBJECTS, _OBJECT) for part in row.rows(tag)]
    if len(found) != 1:
        words = (
            "neither an individual nor an entity nor an object" if not found else "two subjects"
        )
        raise RowRefusedError(row.where, f"is {words}")
    tag, subject = found[0]
    if tag == _OBJECT:
        return subject, category(subject, "object-type", _OBJECT_TYPES)
    return subject, _SUBJECTS[tag]


def _names(where: str, identities: Sequence[Identity]) -> tuple[Name, ...]:
    """All names, the primary one first: the first such of the main identity, else of any.

    A primary name of low quality counts as weak; it comes first only where there is no better.
    """
    ordered = sorted(identities, key=lambda identity: not identity.is_main)
    names = [name for identity in ordered for name in identity.names]
    if not names:
        raise RowRefusedError(where, "has no name")
    first = next((name for name in names if name.kind == "primary"), names[0])
    others = [_other(name) for name in names if name is not first]
    return collect_names(first.text, others)


def _other(name: Name) -> Name:
    return msgspec.structs.replace(name, kind="alias") if name.kind == "primary" else name


def _texts(row: ElementRow, tag: str) -> tuple[str, ...]:
    texts = [(part.own_text(), part) for part in row.rows(tag)]
    for _, part in texts:
        part.close("ssid")
    return filled(text for text, _ in texts if text is not None)


def _relation(row: ElementRow) -> Relation:
    kind, number = row.take_attribute("relation-type"), row.take_attribute("target-id")
    remark = row.find("remark")
    row.close("ssid")
    return Relation(kind, number, remark)


def _generic_attributes(row: ElementRow) -> Iterator[Fact]:
    for part in row.rows("generic-attribute"):
        name, text = part.take_attribute("name"), part.own_text()
        part.close("ssid")
        if text is not None:
            yield Fact(kind="generic_attribute", value=f"{name}: {text}")
