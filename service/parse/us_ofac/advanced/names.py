"""Names of the advanced file, put together of their parts as OFAC's other files print them."""

from collections.abc import Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Name
from service.parse.elements import ElementRow
from service.parse.us_ofac.advanced.reference import References
from service.parse.us_ofac.advanced.rows import truth
from service.parse.us_ofac.parties import alias_kind

# What the enhanced file makes of the same parts, in all 1,673 names of 2025 that it prints with
# them: the family's names in capitals before a comma, the given ones as they are behind it.
# Where a maiden name stands is not known; OFAC's dictionary has it, those files do not.
_FAMILY = ("Patronymic", "Matronymic", "Last Name", "Maiden Name")
_GIVEN = ("First Name", "Middle Name")
_WHOLE = ("Entity Name", "Vessel Name", "Aircraft Name")
_NICKNAME = "Nickname"
_LATIN, _MAIN = "Latin", "Primary Latin"
_PRIMARY = "Name"


def read_names(identity: ElementRow, references: References) -> dict[str, Name]:
    """The names by their numbers, the primary one first, then the others as printed.

    Raises:
        RowRefusedError: Not one primary name, or a part of a name is of an unknown kind.
    """
    kinds = _part_kinds(identity, references)
    primary, others = dict[str, Name](), dict[str, Name]()
    for alias in identity.rows("Alias"):
        is_primary, weak = truth(alias, "Primary"), truth(alias, "LowQuality")
        printed = references.word(alias.where, "AliasType", alias.take_attribute("AliasTypeID"))
        is_name = is_primary and printed == _PRIMARY
        kind = "alias" if is_name else alias_kind(alias.where, printed, weak=weak)
        for documented in alias.rows("DocumentedName"):
            status = references.word(
                alias.where, "DocNameStatus", documented.take_attribute("DocNameStatusID")
            )
            text, script = _text(documented, kinds, references)
            first = is_name and status == _MAIN
            name = Name(
                text=text,
                kind="primary" if first else kind,
                language=None if script == _LATIN else script,
            )
            (primary if first else others)[documented.take_attribute("ID")] = name
            documented.close("FixedRef")
        alias.close("FixedRef")
    if len(primary) != 1:
        raise RowRefusedError(identity.where, f"{len(primary)} primary names; one is expected")
    return primary | others


def _part_kinds(identity: ElementRow, references: References) -> dict[str, str]:
    """What each part of a name is, by the number of its group."""
    kinds = dict[str, str]()
    for groups in identity.rows("NamePartGroups"):
        for master in groups.rows("MasterNamePartGroup"):
            for group in master.rows("NamePartGroup"):
                number = group.take_attribute("NamePartTypeID")
                kind = references.word(group.where, "NamePartType", number)
                kinds[group.take_attribute("ID")] = kind
                group.close()
            master.close()
        groups.close()
    return kinds


def _text(
    documented: ElementRow, kinds: dict[str, str], references: References
) -> tuple[str, str]:
    """The name and its script; of parts in two scripts, the one that is not Latin."""
    parts, scripts = list[tuple[str, str]](), dict[str, None]()
    for kind, script, text in _parts(documented, kinds, references):
        parts.append((kind, text))
        scripts[script] = None
    whole = _joined(parts, _WHOLE).upper() or _joined(parts, (_NICKNAME,))
    person = ", ".join(filter(None, (_joined(parts, _FAMILY).upper(), _joined(parts, _GIVEN))))
    name = " ".join(filter(None, (person, whole)))
    if not name:
        raise RowRefusedError(documented.where, "the name has no parts")
    return name, next((each for each in scripts if each != _LATIN), _LATIN)


def _parts(
    documented: ElementRow, kinds: dict[str, str], references: References
) -> Iterator[tuple[str, str, str]]:
    for part in documented.rows("DocumentedNamePart"):
        for value in part.rows("NamePartValue"):
            kind = kinds.get(value.take_attribute("NamePartGroupID"))
            if kind not in {*_FAMILY, *_GIVEN, *_WHOLE, _NICKNAME}:
                raise RowRefusedError(value.where, f"unknown part of a name {kind!r}")
            script = references.word(value.where, "Script", value.take_attribute("ScriptID"))
            text = value.own_text()
            if text is None:
                raise RowRefusedError(value.where, f"the {kind} is blank")
            value.close("ScriptStatusID", "Acronym")
            yield kind, script, text
        part.close()


def _joined(parts: list[tuple[str, str]], kinds: tuple[str, ...]) -> str:
    return " ".join(text for wanted in kinds for kind, text in parts if kind == wanted)
