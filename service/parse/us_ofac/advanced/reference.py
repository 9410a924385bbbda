"""The words that the advanced file stands for by numbers, each kind in a set of its own."""

from collections import defaultdict
from xml.etree.ElementTree import Element

from service.model.errors import RowRefusedError
from service.parse.elements import local_name

_SUFFIX = "Values"
# What says nothing of a party: how the words themselves are ordered, and of whom they are.
_UNREAD = (
    *("AreaCodeType", "CalendarType", "CountryRelevance", "DecisionMakingBody", "DetailType"),
    *("EntryLinkType", "ExRefType", "FeatureTypeGroup", "IdentityFeatureLinkType"),
    *("LegalBasisType", "LocPartValueStatus", "LocPartValueType", "Organisation"),
    *("SanctionsProgram", "ScriptStatus", "SubsidiaryBody", "SupInfoType", "TargetType"),
)
_READ = (
    *("AliasType", "AreaCode", "Country", "DetailReference", "DocNameStatus", "EntryEventType"),
    *("FeatureType", "IDRegDocDateType", "IDRegDocType", "LegalBasis", "List", "LocPartType"),
    *("NamePartType", "PartySubType", "PartyType", "RelationQuality", "RelationType"),
    *("Reliability", "SanctionsType", "Script", "Validity"),
)
SETS = frozenset(f"{kind}{_SUFFIX}" for kind in (*_READ, *_UNREAD))
"""The names of the sets that are known."""
UNKNOWN = "Unknown"
"""The word for what OFAC does not say."""


class References:
    """The words by their kind and number."""

    def __init__(self) -> None:
        self._words = defaultdict[str, dict[str, str]](dict)
        self._party_types = dict[str, str]()

    def read(self, element: Element) -> None:
        """Take in one set.

        Raises:
            RowRefusedError: A word without a number, or a number without a word.
        """
        kind = local_name(element.tag).removesuffix(_SUFFIX)
        if kind not in _READ:
            return
        for each in element:
            number = each.get("ID", "")
            # an area's text is its code; the country's name stands beside it
            word = " ".join((each.get("Description") or each.text or "").split())
            if not number or not word:
                raise RowRefusedError(
                    local_name(element.tag), f"no ID or word of {number or word!r}"
                )
            self._words[kind][number] = word
            if kind == "PartySubType":
                self._party_types[number] = each.get("PartyTypeID", "")

    def word(self, where: str, kind: str, number: str) -> str:
        """The word of that kind.

        Raises:
            RowRefusedError: No such number stands in the set.
        """
        word = self._words[kind].get(number)
        if word is None:
            raise RowRefusedError(where, f"{kind} {number!r} is not among the reference values")
        return word

    def said(self, where: str, kind: str, number: str | None) -> str | None:
        """The word, None where there is no number or the word is `Unknown`."""
        word = None if number is None else self.word(where, kind, number)
        return None if word == UNKNOWN else word

    def party_type(self, where: str, number: str) -> str:
        """`Vessel`, `Aircraft`, `Entity`, `Individual`: the narrower word where there is one."""
        narrow = self.said(where, "PartySubType", number)
        return narrow or self.word(where, "PartyType", self._party_types[number])
