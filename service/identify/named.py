"""Named: numbers that somebody pasted into the box for the name."""

import re
import unicodedata
from collections.abc import Iterator

from service.identify.kinds import said_by
from service.identify.plain import plain
from service.identify.schemes import SCHEMES
from service.model.question import AskedIdentifier

# So many digits has the shortest of them, an IMO number. Possessive: once through the name.
_ENOUGH_DIGITS = re.compile(r"(?:\D*+\d){7}")
_LABELLED = re.compile(
    r"(?<!\w)(IMO|LEI|INN|ИНН|OGRN(?:IP)?|ОГРН(?:ИП)?|USCC|MMSI)"
    r"(?:\s*(?:no|number|nr|code)\b)?[\s:.,#№(/-]*(?=\w{0,18}\d)([0-9A-Z]{7,20})(?!\w)",
    re.IGNORECASE,
)
_SEVEN_DIGITS = re.compile(r"(?<!\w)\d{7}(?!\w)")
# The kinds that a name may be when it is a number and nothing else.
_ALONE = tuple(SCHEMES[code] for code in ("lei", "uscc", "inn", "ogrn"))


def named_identifiers(name: str, *, is_vessel: bool) -> tuple[AskedIdentifier, ...]:
    """The numbers in a name, as if they had been asked for beside it.

    Those that a word before them names and that look like it, be their check digit right or wrong
    ("OCEAN STAR (IMO: 9187629)"; a room of the Comfort Inn is no INN); a name that is nothing but
    an LEI, a USCC, an INN or an OGRN with right check digits; and of a vessel, seven digits that
    can be an IMO number. An ordinary name has too few digits for any, and costs nothing to speak
    of.
    """
    if _ENOUGH_DIGITS.match(name) is None:
        return ()
    text = unicodedata.normalize("NFKC", name)
    found = dict.fromkeys(_found(text, is_vessel=is_vessel))
    return tuple(AskedIdentifier(kind=kind, value=value) for kind, value in found)


def _found(text: str, *, is_vessel: bool) -> Iterator[tuple[str, str]]:
    for labelled in _LABELLED.finditer(text):
        number = labelled[2].upper()
        if any(SCHEMES[code].is_formed(number) for code in said_by(labelled[1])[0]):
            yield labelled[1].upper(), number
    whole = plain(text)
    for scheme in _ALONE:
        if scheme.holds(whole):
            yield scheme.title, whole
    if is_vessel:
        for seven in _SEVEN_DIGITS.finditer(text):
            if SCHEMES["imo"].holds(seven[0]):
                yield SCHEMES["imo"].title, seven[0]
