"""Schemes: numbers that are issued by a rule, so that a wrong one can be recognised.

Most of the rules are python-stdnum's. Every function here takes a number in plain form.
"""

import re
from collections.abc import Callable

import msgspec
from stdnum import bic, imo, isin, lei
from stdnum.cn import uscc
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.ru import inn, ogrn

# The prefixes of EU VAT numbers; Greece has EL, Northern Ireland XI.
EU_PREFIXES = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI"


ORGANISATION = slice(8, 17)
"""The organisation code within a unified social credit code."""


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """The rule by which the numbers of one kind are made.

    `form` is what all of them look like, described in `words`; `is_right` returns whether a number
    of that form has the right check digits (always True if the kind has none). `country` is the
    one country that issues them. `is_distinctive` means that no other number has that form and
    that check digit, so that a number of unstated kind must be of this one. `once` means that a
    party has one for life, so that a different number belongs to another party. `lengths` are the
    lengths of numbers that may have lost a leading zero.
    """

    code: str
    title: str
    form: re.Pattern[str]
    words: str
    is_right: Callable[[str], bool]
    country: str | None = None
    is_distinctive: bool = False
    once: bool = False
    lengths: tuple[int, ...] = ()

    def is_formed(self, number: str) -> bool:
        """Return whether the number has this form, whatever its check digit."""
        return self.form.fullmatch(number) is not None

    def holds(self, number: str) -> bool:
        """Return whether this can be such a number."""
        return (self.is_formed(number) and self.is_right(number)) or self._lost_its_zero(number)

    def fault(self, number: str) -> str | None:
        """Return why this cannot be such a number, in words; None if it can."""
        if self.holds(number):
            return None
        if self.is_formed(number):
            return f"the check digit of {self.title} {number} is wrong"
        return f"{number} cannot be right: {self.words}"

    def _lost_its_zero(self, number: str) -> bool:
        padded = f"0{number}"
        return len(padded) in self.lengths and self.is_formed(padded) and self.is_right(padded)


def _any(number: str) -> bool:
    """Accept any number, for kinds without a check digit."""
    return bool(number)


def _imo_company(number: str) -> bool:
    """Return whether the IMO number of a company or registered owner has the right check digit.

    Source:
        IMO resolution MSC.160(78) gives them seven digits like a ship's. The check digit has the
        weights 8, 6, 4, 2, 9, 7 and the module 11; no document says so, but all 149 numbers that
            OFAC
        prints for companies follow it.
    """
    total = sum(
        int(each) * weight for each, weight in zip(number, (8, 6, 4, 2, 9, 7), strict=False)
    )
    return int(number[6]) == (11 - total % 11) % 10


def _cn_organisation(number: str) -> bool:
    """Return whether an organisation code has the right check digit.

    Source:
        GB 11714-1997; nine characters of the unified social credit code are this code.
    """
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(each, 36) * weight for each, weight in zip(number, weights, strict=False))
    return number[8] == "0123456789X0"[11 - total % 11]


def _uscc(number: str) -> bool:
    """Return whether its own check digit and that of the organisation code within are right.

    Source:
        GB 32100-2015. The registrar may be a letter, which stdnum's own check refuses.
    """
    return uscc.calc_check_digit(number) == number[-1] and _cn_organisation(number[ORGANISATION])


def _vat(number: str) -> bool:
    try:
        return bool(vat.validate(number))
    except ValidationError:
        return False


_SCHEMES = (
    Scheme(
        code="imo",
        title="IMO",
        form=re.compile(r"[1-9][0-9]{6}"),
        words="an IMO number has 7 digits, the first not 0",
        is_right=imo.is_valid,
        once=True,
    ),
    Scheme(
        code="imo_company",
        title="IMO",
        form=re.compile(r"[1-9][0-9]{6}"),
        words="an IMO number has 7 digits, the first not 0",
        is_right=_imo_company,
        once=True,
    ),
    Scheme(
        code="lei",
        title="LEI",
        form=re.compile(r"[0-9A-Z]{18}[0-9]{2}"),
        words="an LEI has 18 letters and digits, then 2 digits",
        is_right=lei.is_valid,
        is_distinctive=True,
        once=True,
    ),
    Scheme(
        code="uscc",
        title="USCC",
        form=re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"),
        words="a unified social credit code has 18 characters, without I, O, S, V and Z",
        is_right=_uscc,
        country="CN",
        is_distinctive=True,
        once=True,
    ),
    Scheme(
        code="cn_organisation",
        title="organisation code",
        form=re.compile(r"[0-9A-Z]{8}[0-9X]"),
        words="a Chinese organisation code has 8 letters and digits, then a digit or X",
        is_right=_cn_organisation,
        country="CN",
    ),
    Scheme(
        code="inn",
        title="INN",
        form=re.compile(r"(?!00)(?:[0-9]{10}|[0-9]{12})"),
        words="an INN has 10 digits, a person's 12, the first two not 00",
        is_right=inn.is_valid,
        lengths=(10, 12),
        country="RU",
        once=True,
    ),
    Scheme(
        code="ogrn",
        title="OGRN",
        form=re.compile(r"[1-9][0-9]{12}|[34][0-9]{14}"),
        words="an OGRN has 13 digits, an entrepreneur's 15 with 3 or 4 first",
        is_right=ogrn.is_valid,
        country="RU",
        once=True,
    ),
    Scheme(
        code="bic",
        title="BIC",
        form=re.compile(r"[0-9A-Z]{4}[A-Z]{2}[0-9A-Z]{2}(?:[0-9A-Z]{3})?"),
        words="a BIC has 8 or 11 characters, a country's code from the fifth",
        is_right=bic.is_valid,
    ),
    Scheme(
        code="isin",
        title="ISIN",
        form=re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]"),
        words="an ISIN has a country's 2 letters, then 10 letters and digits, the last a digit",
        is_right=isin.is_valid,
        is_distinctive=True,
    ),
    Scheme(
        code="vat",
        title="VAT number",
        form=re.compile(f"(?:{EU_PREFIXES})[0-9A-Z]{{7,12}}"),
        words="an EU VAT number has the country's 2 letters, then 7 to 12 letters and digits",
        is_right=_vat,
        is_distinctive=True,
    ),
    Scheme(
        code="mmsi",
        title="MMSI",
        form=re.compile(r"[0-9]{9}"),
        words="an MMSI has 9 digits",
        is_right=_any,
    ),
    Scheme(
        code="duns",
        title="D-U-N-S number",
        form=re.compile(r"[0-9]{9}"),
        words="a D-U-N-S number has 9 digits",
        is_right=_any,
    ),
)
SCHEMES = {scheme.code: scheme for scheme in _SCHEMES}
UNIQUE = frozenset(scheme.code for scheme in _SCHEMES if scheme.once)
"""Kinds of which a party has one for life."""
