"""The remarks of OFAC's CSV files; much in them has elements of its own in the XML files."""

import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec

from abeyance_screening.engine.lists.listing import Name, NameKind
from abeyance_screening.engine.lists.us_ofac.parties import OfacDetail, is_number

# --- The kinds of numbers and facts that OFAC prints in its remarks, by their first word.
#
# Source: the reference values `ID DOCUMENT TYPE` and the feature types of CONS_ENHANCED.XML of
# 2025-01-10, and the remarks in SDN.CSV from 2021 to 2024.

_DOCUMENTS = """
Afghan Money Service Provider License Number; Aircraft Serial Identification;
Birth Certificate Number; Bosnian Personal ID No.; Branch Unit Number;
British National Overseas Passport; Business Number; Business Registration Document #;
Business Registration Number; C.I.F.; C.I.N.; C.R. No.; C.U.I.; C.U.I.P.; C.U.I.T.; C.U.R.P.;
CNP (Personal Numerical Code); Cartilla de Servicio Militar Nacional; Cedula No.;
Central Registration System Number; Certificate of Incorporation Number;
Chamber of Commerce Number; Chinese Commercial Code; Citizen's Card Number;
Commercial Registry Number; Company Number; Credencial electoral; D.N.I.; Diplomatic Passport;
Driver's License No.; Dubai Chamber of Commerce Membership No.; Economic Register Number (CBLS);
Electoral Registry No.; Enterprise Number; File Number; Fiscal Code; Folio Mercantil No.;
Global Intermediary Identification Number; Government Gazette Number; I.F.E.;
Identification Number; Immigration No.; Istanbul Chamber of Comm. No.; Italian Fiscal Code;
Kenyan ID No.; LE Number; Legal Entity Number; License; MMSI; MSB Registration Number;
Matricula Mercantil No; Military Registration Number; Moroccan Personal ID No.; N.I.E.; N.I.F.;
NIT #; National Foreign ID Number; National ID No.;
Numero Unico de Identificacao Tributaria (NUIT); Numero de Identidad; Organization Code;
Paraguayan tax identification number; Passport; Permit Number; Personal ID Card;
Pilot License Number; Public Registration Number; Public Security and Immigration No.; R.F.C.;
RFC; RIF #; RSIN; RTN; RUC #; Refugee ID Card; Registered Charity No.;
Registration Certificate Number (Dubai); Registration ID; Registration Number; Residency Number;
Romanian C.R.; Romanian Permanent Resident; Romanian Tax Registration;
Russian State Individual Business Registration Number Pattern (OGRNIP); SRE Permit No.; SSN;
Seafarer's Identification Document; Serial No.; Stateless Person ID Card;
Stateless Person Passport; Tax ID No.; Tazkira National ID Card; Tourism License No.;
Trade License No.; Trademark number; Travel Document Number; Turkish Identification Number;
UAE Identification; UK Company Number; US FEIN; Unified Social Credit Code (USCC);
United Social Credit Code Certificate (USCCC); V.A.T. Number;
Vessel Registration Identification; VisaNumberID
"""
_FEATURES = """
Additional Sanctions Information -; Aircraft Manufacture Date;
Aircraft Construction Number (also called L/N or S/N or F/N);
Aircraft Manufacturer's Serial Number (MSN); Aircraft Mode S Transponder Code; Aircraft Model;
Aircraft Operator; Aircraft Tail Number; BIK (RU); CAATSA Section 235 Information:; D-U-N-S Number;
DOB; Email Address; Equity Ticker; Former Vessel Flag; Gender; IFCA Determination -; ISIN;
Issuer Name; Linked To:; MICEX Code; Nationality of Registration; Organization Established Date;
Organization Type:; Other Vessel Call Sign; Other Vessel Flag; Other Vessel Type;
PEESA Information:; POB; Phone Number; Previous Aircraft Tail Number;
Purchase/Sales For Divestment Date (CMIC); SWIFT/BIC; Secondary sanctions risk:; Target Type;
Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions:;
UN/LOCODE; Vessel Year of Build; Website; citizen; nationality
"""
# Kinds that are added with every order and every currency.
_PATTERN = re.compile(
    r"(?:Digital Currency Address - \w+|(?:Effective|Listing) Date \([^)]*\):?"
    r"|Executive Order \d+ (?:Directive )?(?:Determination|[Ii]nformation)(?: -|:)?)(?= )"
)


def _by_first_word(*texts: str) -> dict[str, tuple[str, ...]]:
    """Return the kinds by their first word, longest first."""
    found = defaultdict[str, list[str]](list)
    for text in texts:
        for kind in " ".join(text.split()).split("; "):
            found[kind.partition(" ")[0]].append(kind)
    return {word: tuple(sorted(kinds, key=len, reverse=True)) for word, kinds in found.items()}


_KINDS = _by_first_word(_DOCUMENTS, _FEATURES)


def kind_ahead(text: str) -> str | None:
    """Return the known kind that a text begins with, followed by a space, or None."""
    for kind in _KINDS.get(text.partition(" ")[0], ()):
        if text.startswith(f"{kind} "):
            return kind
    match = _PATTERN.match(text)
    return None if match is None else match[0]


# --- The parts of a remark.

# In characters, the longest remark of a primary file; longer ones continue in the comments.
LONGEST_REMARK = 1_000
_ALIAS = re.compile(r"([afn])\.k\.a\. (?P<quote>['\"]?)(?P<name>.+)(?P=quote)")
_DOCUMENT = re.compile(
    r"(?P<value>.+?)(?: \((?P<country>[^()]+)\))?"
    r"(?: issued (?P<issued>[\w ]+?))?(?: expires (?P<expires>[\w ]+))?"
)
# Where the last part ends like this, the final full stop belongs to the name.
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.[A-Z]|\b(?:Bhd|Co|Corp|Inc|Ltd|Ltda))$", re.IGNORECASE)


class OfacRemark(msgspec.Struct, frozen=True):
    """The contents of a remark: further names, and the details that have a known kind."""

    names: tuple[Name, ...]
    details: tuple[OfacDetail, ...]


def is_cut(remark: str) -> bool:
    """Return whether a remark has the full length without a final full stop, so is cut."""
    return len(remark) >= LONGEST_REMARK and not remark.endswith(".")


def read_remark(remark: str) -> OfacRemark:
    """Read the parts of a remark that have a known kind; the others stay in the remark alone.

    Names in a remark are weak aliases: strong ones have their own file or element. The last part
    of a cut remark is left out, because half a number is a wrong number.
    """
    ended = remark.removesuffix(".")
    parts = (remark if _ABBREVIATED.search(ended) else ended).split("; ")
    if is_cut(remark):
        parts.pop()
    names, details = list[Name](), list[OfacDetail]()
    for part in parts:
        text = part.strip().removeprefix("alt. ")
        alias = _ALIAS.fullmatch(text)
        if alias is not None:
            kind: NameKind = "former" if alias[1] == "f" else "weak_alias"
            names.append(Name(text=alias["name"].strip(), kind=kind))
        else:
            details += _details(text)
    return OfacRemark(tuple(names), tuple(details))


def _details(text: str) -> Iterator[OfacDetail]:
    kind = kind_ahead(text)
    if kind is None:
        return
    value = " ".join(text[len(kind) :].split())
    plain = OfacDetail(kind=kind, value=value)
    match = _DOCUMENT.fullmatch(value) if is_number(plain) else None
    if match is None:
        yield plain
        return
    yield OfacDetail(kind=kind, **match.groupdict())
