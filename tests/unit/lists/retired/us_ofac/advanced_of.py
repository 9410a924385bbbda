"""Entities of the enhanced file as the advanced file has them: apart, and referring by numbers.

Written after the order, the elements and the attributes of SDN_ADVANCED.XML of 2024-02-23. The
numbers of words, places and names are made up; those of the parties are OFAC's.
"""

from collections import defaultdict
from itertools import count
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

_NAMESPACE = "http://www.un.org/sanctions/1.0"
_BOUNDS = (("Start", "fromDateBegin", "fromDateEnd"), ("End", "toDateBegin", "toDateEnd"))
# Features that the advanced file has a country for instead of a text.
_OF_COUNTRIES = frozenset({"Nationality Country", "Citizenship Country"})
_SETS = (
    *("AliasType", "AreaCode", "Country", "DetailReference", "DetailType", "DocNameStatus"),
    *("EntryEventType", "FeatureType", "IDRegDocDateType", "IDRegDocType", "LegalBasis", "List"),
    *("LocPartType", "NamePartType", "PartySubType", "PartyType", "RelationQuality"),
    *("RelationType", "Reliability", "SanctionsType", "Script", "Validity"),
)


def advanced_of(enhanced: bytes) -> bytes:
    """The file of the same entities."""
    root = fromstring(enhanced)
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    writer = _Writer()
    for entity in root.iter("entity"):
        writer.write(entity)
    day = (root.findtext("publicationInfo/dataAsOf") or "").partition("T")[0]
    return writer.file(day)


class _Writer:
    def __init__(self) -> None:
        self._made = map(str, count(1))
        self._words = defaultdict[str, dict[str, str]](dict)
        self._sections = {
            name: Element(name)
            for name in (
                *("Locations", "IDRegDocuments", "DistinctParties", "ProfileRelationships"),
                "SanctionsEntries",
            )
        }
        for kind in ("PartyType", "PartySubType"):
            self._word(kind, "Unknown")

    def file(self, day: str) -> bytes:
        attributes = {"xmlns": _NAMESPACE, "Version": "3"}
        root = Element("Sanctions", attributes)
        _date(SubElement(root, "DateOfIssue", CalendarTypeID="1"), day)
        sets = SubElement(root, "ReferenceValueSets")
        for kind in _SETS:
            values = SubElement(sets, f"{kind}Values")
            for word, number in self._words[kind].items():
                SubElement(values, kind, ID=number).text = word
                if kind == "PartySubType":
                    values[-1].set("PartyTypeID", word.partition("/")[2])
                    values[-1].text = word.partition("/")[0]
        root.extend(self._sections.values())
        SubElement(root, "SanctionsEntryLinks")
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "utf-8")

    def write(self, entity: Element) -> None:
        number = entity.get("id", "")
        party = SubElement(self._sections["DistinctParties"], "DistinctParty", FixedRef=number)
        SubElement(party, "Comment").text = entity.findtext("generalInfo/remarks")
        kind = self._party_type(entity.findtext("generalInfo/entityType") or "")
        profile = SubElement(party, "Profile", ID=number, PartySubTypeID=kind)
        identity = SubElement(
            profile,
            "Identity",
            {"ID": f"9{number}", "FixedRef": number, "Primary": "true", "False": "false"},
        )
        bearers = self._names(entity, identity, number)
        self._features(entity, profile)
        self._addresses(entity, profile)
        for document in entity.iter("identityDocument"):
            self._document(document, f"9{number}", bearers)
        self._relationships(entity, number)
        self._entries(entity, number)

    def _word(self, kind: str, word: str) -> str:
        return self._words[kind].setdefault(word, next(self._made))

    def _party_type(self, printed: str) -> str:
        if printed in {"Vessel", "Aircraft"}:
            return self._word("PartySubType", f"{printed}/{self._word('PartyType', 'Transport')}")
        return self._word("PartySubType", f"Unknown/{self._word('PartyType', printed)}")

    def _names(self, entity: Element, identity: Element, number: str) -> dict[str, str]:
        bearers, groups = dict[str, str](), Element("NamePartGroups")
        for name in entity.iter("name"):
            if name.find("translations") is None:
                continue
            printed = name.findtext("aliasType")
            alias = SubElement(
                identity,
                "Alias",
                FixedRef=number,
                AliasTypeID=self._word("AliasType", printed or "Name"),
                Primary=name.findtext("isPrimary") or "",
                LowQuality=name.findtext("isLowQuality") or "",
            )
            for translation in name.iter("translation"):
                is_main = translation.findtext("isPrimary") == "true"
                status = self._word("DocNameStatus", "Primary Latin" if is_main else "Others")
                made = next(self._made)
                documented = SubElement(
                    alias, "DocumentedName", ID=made, FixedRef=number, DocNameStatusID=status
                )
                bearers[translation.findtext("formattedFullName") or ""] = made
                for part in translation.iter("namePart"):
                    self._part(part, translation.findtext("script") or "", documented, groups)
        identity.append(groups)
        return bearers

    def _part(self, part: Element, script: str, documented: Element, groups: Element) -> None:
        group, master = next(self._made), SubElement(groups, "MasterNamePartGroup")
        kind = self._word("NamePartType", part.findtext("type") or "")
        SubElement(master, "NamePartGroup", ID=group, NamePartTypeID=kind)
        attributes = {
            "NamePartGroupID": group,
            "ScriptID": self._word("Script", script),
            "ScriptStatusID": "1",
            "Acronym": "false",
        }
        outer = SubElement(documented, "DocumentedNamePart")
        SubElement(outer, "NamePartValue", attributes).text = part.findtext("value")

    def _features(self, entity: Element, profile: Element) -> None:
        for feature in entity.iter("feature"):
            kind, value = feature.findtext("type") or "", feature.findtext("value")
            version = self._version(profile, kind, feature)
            if feature.find("valueDate") is not None:
                _period(version, feature.find("valueDate"))
            detail = SubElement(
                version, "VersionDetail", DetailTypeID=self._word("DetailType", "-")
            )
            if kind in _OF_COUNTRIES:
                SubElement(version, "VersionLocation", LocationID=self._place([], value))
            elif kind == "Gender":
                detail.set("DetailReferenceID", self._word("DetailReference", value or ""))
            elif feature.find("valueDate") is None:
                detail.text = value
        title = entity.findtext("generalInfo/title")
        if title is not None:
            version = self._version(profile, "Title", Element("feature"))
            SubElement(version, "VersionDetail", DetailTypeID="1").text = title

    def _addresses(self, entity: Element, profile: Element) -> None:
        for address in entity.iter("address"):
            for parts in address.findall("translations/translation") or [Element("translation")]:
                printed = [
                    (part.findtext("type") or "", part.findtext("value") or "")
                    for part in parts.iter("addressPart")
                ]
                version = self._version(profile, "Location", Element("feature"))
                place = self._place(printed, address.findtext("country"))
                SubElement(version, "VersionLocation", LocationID=place)

    def _version(self, profile: Element, kind: str, feature: Element) -> Element:
        outer = SubElement(
            profile, "Feature", ID=next(self._made), FeatureTypeID=self._word("FeatureType", kind)
        )
        reliability = self._word("Reliability", feature.findtext("reliability") or "Unknown")
        version = SubElement(
            outer, "FeatureVersion", ID=next(self._made), ReliabilityID=reliability
        )
        SubElement(version, "Comment").text = feature.findtext("comments")
        SubElement(outer, "IdentityReference", IdentityID="1", IdentityFeatureLinkTypeID="1")
        return version

    def _place(self, parts: list[tuple[str, str]], country: str | None) -> str:
        number = next(self._made)
        place = SubElement(self._sections["Locations"], "Location", ID=number)
        if country is not None:
            code = self._word("AreaCode", country)
            SubElement(place, "LocationAreaCode", AreaCodeID=code)
            code = self._word("Country", country)
            SubElement(place, "LocationCountry", CountryID=code, CountryRelevanceID="1")
        for kind, value in parts:
            part = SubElement(place, "LocationPart", LocPartTypeID=self._word("LocPartType", kind))
            inner = SubElement(
                part,
                "LocationPartValue",
                Primary="true",
                LocPartValueTypeID="1",
                LocPartValueStatusID="1",
            )
            SubElement(inner, "Comment")
            SubElement(inner, "Value").text = value
        SubElement(place, "FeatureVersionReference", FeatureVersionID="1")
        return number

    def _document(self, document: Element, identity: str, bearers: dict[str, str]) -> None:
        valid = document.findtext("isValid") == "true"
        row = SubElement(
            self._sections["IDRegDocuments"],
            "IDRegDocument",
            ID=next(self._made),
            IDRegDocTypeID=self._word("IDRegDocType", document.findtext("type") or ""),
            IdentityID=identity,
            ValidityID=self._word("Validity", "Valid" if valid else "Fraudulent"),
        )
        if (country := document.findtext("issuingCountry")) is not None:
            row.set("IssuedBy-CountryID", self._word("Country", country))
        if (location := document.findtext("issuingLocation")) is not None:
            row.set("IssuedIn-LocationID", self._place([], location))
        SubElement(row, "Comment")
        SubElement(row, "IDRegistrationNo").text = document.findtext("documentNumber")
        SubElement(row, "IssuingAuthority").text = document.findtext("issuingAuthority")
        if (bearer := document.findtext("name")) is not None:
            SubElement(row, "DocumentedNameReference", DocumentedNameID=bearers[bearer])
        for tag, kind in (("issueDate", "Issue Date"), ("expirationDate", "Expiration Date")):
            if document.find(tag) is not None:
                number = self._word("IDRegDocDateType", kind)
                _period(
                    SubElement(row, "DocumentDate", IDRegDocDateTypeID=number), document.find(tag)
                )

    def _relationships(self, entity: Element, number: str) -> None:
        for link in entity.iter("relationship"):
            related = link.find("relatedEntity")
            assert related is not None
            attributes = {
                "ID": next(self._made),
                "From-ProfileID": number,
                "To-ProfileID": related.get("entityId", ""),
                "RelationTypeID": self._word("RelationType", link.findtext("type") or ""),
                "RelationQualityID": self._word(
                    "RelationQuality", link.findtext("quality") or "Unknown"
                ),
                "Former": "false",
                "SanctionsEntryID": number,
            }
            row = SubElement(
                self._sections["ProfileRelationships"], "ProfileRelationship", attributes
            )
            SubElement(row, "Comment")

    def _entries(self, entity: Element, number: str) -> None:
        lists = [
            (each.text or "", each.get("datePublished", ""))
            for each in entity.iter("sanctionsList")
        ]
        laws = [each.text or "" for each in entity.iter("legalAuthority")] or ["Unknown"]
        for name, day in lists:
            row = SubElement(
                self._sections["SanctionsEntries"],
                "SanctionsEntry",
                ID=number,
                ProfileID=number,
                ListID=self._word("List", name),
            )
            for law in laws:
                event = SubElement(
                    row,
                    "EntryEvent",
                    ID=number,
                    EntryEventTypeID=self._word("EntryEventType", "Created"),
                    LegalBasisID=self._word("LegalBasis", law),
                )
                SubElement(event, "Comment")
                _date(SubElement(event, "Date", CalendarTypeID="1"), day.partition("-05:00")[0])
            for each in entity.iter("sanctionsType"):
                self._measure(row, each.text or "", None)
            for each in entity.iter("sanctionsProgram"):
                self._measure(row, "Program", each.text)

    def _measure(self, row: Element, kind: str, comment: str | None) -> None:
        measure = SubElement(
            row,
            "SanctionsMeasure",
            ID=next(self._made),
            SanctionsTypeID=self._word("SanctionsType", kind),
        )
        if comment is not None:
            SubElement(measure, "Comment").text = comment
        SubElement(measure, "DatePeriod", CalendarTypeID="1", YearFixed="true")


def _date(element: Element, day: str) -> None:
    for tag, number in zip(("Year", "Month", "Day"), day[:10].split("-"), strict=False):
        SubElement(element, tag).text = f"{int(number)}"


def _period(element: Element, printed: Element | None) -> None:
    assert printed is not None
    fixed = dict.fromkeys(("YearFixed", "MonthFixed", "DayFixed"), "true")
    period = SubElement(element, "DatePeriod", {"CalendarTypeID": "1", **fixed})
    approximate = {"Approximate": printed.findtext("isApproximate") or "false", **fixed}
    for tag, first, last in _BOUNDS:
        bound = SubElement(period, tag, approximate)
        _date(SubElement(bound, "From"), printed.findtext(first) or "")
        _date(SubElement(bound, "To"), printed.findtext(last) or "")
