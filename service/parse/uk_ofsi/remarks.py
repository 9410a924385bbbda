"""`Other Information` of OFSI's list: since 2022 named things, one behind the other."""

import re
from collections.abc import Iterator

import msgspec

# What a name in brackets with a colon announces; anything else in brackets is part of a text.
# A reference is one word (`INU0082 and SYR0310` are two), the rest behind it is the remark.
_REFERENCES = {"UK Sanctions List Ref": "uk_sanctions_list_ref", "UN Ref": "un_reference_number"}
_TEXTS = {
    "UK Statement of Reasons": "statement_of_reasons",
    "Gender": "gender",
    "Phone number": "phone_number",
    "Email address": "email_address",
    "Website": "website",
    "Fax": "fax",
    "Type of entity": "type_of_entity",
    "Parent company": "parent_company",
    "Subsidiaries": "subsidiary",
    "Business Reg No": "business_reg_no",
    "IMO number": "imo_number",
    "Current owners": "current_owner",
    "Previous owners": "previous_owner",
    "Flag of ship": "current_flag",
    "Previous flags": "previous_flag",
    "Type of ship": "type_of_ship",
    "Tonnage of ship": "tonnage",
    "Length of ship": "length",
    "Year built": "year_built",
    "Hull number": "hull_number",
}
_REFERENCE = re.compile(r"(\S+)(?:\s+(?:and|&)\s+([A-Z]{2,3}[a-z]?\.?\d\S*))?\s*")
_NAME = re.compile(rf"\(({'|'.join(map(re.escape, (*_REFERENCES, *_TEXTS)))})\):?\s*:\s*")


class Remark(msgspec.Struct, frozen=True):
    """A thing said: our word for it, or "" for a text without a name; never blank."""

    kind: str
    text: str


def read_remarks(printed: str) -> Iterator[Remark]:
    """What is said, in printed order; a text of 2020 has no names and comes back whole."""
    place, kind = 0, ""
    for name in [*_NAME.finditer(printed), None]:
        end = len(printed) if name is None else name.start()
        yield from _said(kind, " ".join(printed[place:end].split()))
        if name is not None:
            place, kind = name.end(), name[1]


def _said(name: str, text: str) -> Iterator[Remark]:
    if not text:
        return
    if name in _REFERENCES:
        match = _REFERENCE.match(text)
        for reference in filter(None, match.groups() if match else ()):
            yield Remark(_REFERENCES[name], reference.rstrip(".,;"))
        yield from _said("", text[match.end() if match else 0 :])
    else:
        yield Remark(_TEXTS.get(name, ""), text)
