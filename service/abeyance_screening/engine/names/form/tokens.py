"""Split a printed name into words, each with the piece of the name that it was printed as."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from abeyance_screening.engine.names.form.east_asia import (
    HAN,
    HANGUL,
    KANA,
    simplify,
    split_han,
    tell_language,
)
from abeyance_screening.engine.names.form.scripts import (
    ARABIC,
    join_abd,
    other_spellings,
    spell_latin,
    split_arabic,
)
from abeyance_screening.engine.names.form.token import MOST_READINGS, Token
from abeyance_screening.engine.names.form.word_types import fold

# --- Web addresses in names.
#
# `www` and the top-level domain (`.com`, `.co.uk`) do not identify anybody; as words they would
# meet those of every other address.

# Top-level domains that companies of any country use; a country's own has two letters.
_GENERIC = frozenset({"com", "net", "org", "info", "biz", "gov", "edu"})
_UNDER_COUNTRY = _GENERIC | {"co", "ac", "or", "ne", "go", "gob", "gouv"}
_COUNTRY_END = 2
_DOMAIN = r"([\w-]+(?:\.[\w-]+)*+)(?::\d+)?+(?:[/?#]\S*+)?+"
_MARKED = re.compile(rf"(?<![\w.@-])(?:https?://(?:www\d?\.)?|www\d?\.){_DOMAIN}", re.IGNORECASE)
_WHOLE = re.compile(rf"\s*+{_DOMAIN}\s*+", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})+)")
# Providers of addresses for everybody: these say nothing of whose an address is.
_MAIL_OF_ALL = frozenset(
    {
        "gmail",
        "googlemail",
        "hotmail",
        "outlook",
        "live",
        "yahoo",
        "icloud",
        "aol",
        "gmx",
        "proton",
    }
    | {"protonmail", "mail", "yandex", "ya", "rambler", "list", "bk", "inbox", "qq", "163", "126"}
)
# For names without `www`: the labels of an abbreviation are shorter (S.A., a.s.).
_SHORTEST_LABEL = 3


def spell_out_addresses(printed: str) -> str:
    """Replace each web address that begins with `www` or `http` by the words of its domain.

    `WWW.CUBA-SHOP.NET` becomes `CUBA-SHOP`; the path after the domain is removed as well.
    """
    if "www" not in (lower := printed.lower()) and "http" not in lower:
        return printed
    return _MARKED.sub(lambda found: " ".join(_labels(found[1])), printed)


def domain_labels(printed: str) -> tuple[str, ...]:
    """Return the words of the domain if a name is a web address, or else none.

    A name without `www` is an address only if it ends in a known top-level domain:
    `dahuatech.com`, `mail.ru`.
    """
    if " " in (bare := printed.strip()):
        return ()
    marked = _MARKED.fullmatch(bare)
    if marked is not None:
        return _labels(marked[1])
    whole = _WHOLE.fullmatch(printed)
    if whole is None or not whole[1].isascii():
        return ()
    *above, end = whole[1].lower().split(".")
    known = end in _GENERIC or (len(end) == _COUNTRY_END and end.isalpha())
    labels = _labels(whole[1])
    if not above or not known or len(labels[-1]) < _SHORTEST_LABEL:
        return ()
    return labels


def mail_hosts(printed: str) -> Iterator[str]:
    """Yield the domains of mail addresses in a text, but those of providers for everybody."""
    for found in _MAIL.finditer(printed) if "@" in printed else ():
        labels = domain_labels(found[1])
        if labels and labels[-1].lower() not in _MAIL_OF_ALL:
            yield found[1]


def domain_names(printed: str) -> Iterator[str]:
    """Yield what the domains of a web address and of mail addresses say; nothing, for most names.

    `sales@shop.hikvision.co.ir` gives `hikvision`.
    """
    if "." in printed:
        yield from domain_labels(printed)[-1:]
        yield from (domain_labels(host)[-1] for host in mail_hosts(printed))


def _labels(domain: str) -> tuple[str, ...]:
    """Return the labels of a domain without the top-level ones; a single label is kept."""
    labels = domain.split(".")
    end = labels[-1].lower()
    if len(labels) > 1:
        labels.pop()
    if len(labels) > 1 and len(end) == _COUNTRY_END and labels[-1].lower() in _UNDER_COUNTRY:
        labels.pop()
    return tuple(labels)


# --- Words.

# Typewriter, typographic and modifier apostrophes, and accents that are used as one.
_APOSTROPHES = "'`\u00b4\u02bb\u02bc\u2018\u2019"
# A French article or preposition before a vowel, inside a name (Banque d'Algérie, not L'Oréal).
_ELISION = re.compile(rf"\s[dlDL][{_APOSTROPHES}](?=[aeiouhyâàéèêîôûAEIOUHYÂÀÉÈÊÎÔÛ])")
# "Messrs" before a firm's name, as in letters and bills; alone it is a name.
_MESSRS = re.compile(r"\s*(?:M/s|Messrs)\b\.?(?=\W*\w)", re.IGNORECASE)
_FIRST_OF_MESSRS = frozenset("Mm")
_NUMBERED = re.compile("no([0-9]+)")
# A word of letters with a 0 or 1 among them, which is mostly an O, an I or an L (C0SCO).
_FALSE_DIGIT = re.compile("(?:[a-z]|(?<![01])0(?![01])|(?<![01])1(?=[a-z]))+")
_FEWEST_LETTERS = 3
_LETTERS_OF = (str.maketrans("01", "oi"), str.maketrans("01", "ol"))
_ASCII_WORD = re.compile("[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*")
_SILENT = {ord(mark): None for mark in _APOSTROPHES}
_HAN = re.compile(f"[{HAN}{KANA}{HANGUL}]")
_ARABIC = re.compile(f"[{ARABIC}]")
# Ukrainian legal forms that in Latin letters are other words (VAT, DP World): open joint-stock
# company, and state or subsidiary, municipal and private enterprise, which have no code; and the
# abbreviations of Georgia and Armenia.
_NATIVE_FORMS = {
    "ват": "ojsc",
    "дп": "",
    "кп": "",
    "пп": "",
    "фдуп": "fgup",
    "тдв": "llc",
    "შპს": "llc",
    "სს": "jsc",
    "სპს": "",
    "սպը": "llc",
    "փբը": "cjsc",
    "բբը": "ojsc",
}
# Names share their words: a cache of some 10 MB saves four of five foldings.
_CACHED_WORDS = 1 << 15
# Ukrainian words for "and" that in Latin letters are other words or initials.
_UKRAINIAN_AND = frozenset({"\u0442\u0430", "\u0439"})
_NUMBER_WORDS = frozenset({"no", "nr", "n", "num", "number"})


def split_tokens(printed: str) -> list[Token]:
    """Return the words of a name in printed order.

    Letters printed one by one are one word (`S.A.`, `R and D`). `No.` before a number, `M/s`
    before a name and the top-level domain of a web address are left out. A name without a letter
    or digit is one word of its characters' codes; a blank name has no words.
    """
    printed = spell_out_addresses(printed)
    messrs = _MESSRS.match(printed) if printed.lstrip()[:1] in _FIRST_OF_MESSRS else None
    printed = printed if messrs is None else printed[messrs.end() :]
    if "'" in printed or "`" in printed or not printed.isascii():
        printed = _ELISION.sub(" ", printed)
    tokens = _ascii_tokens(printed) if printed.isascii() else _unicode_tokens(printed)
    if not tokens and printed.strip():
        return [_token(printed.strip(), spell_latin(printed.strip()))]
    spelled = [token.spelled for token in tokens]
    if 1 in map(len, spelled):
        tokens = _merge_letters(tokens)
        spelled = [token.spelled for token in tokens]
    if _NUMBER_WORDS.isdisjoint(spelled):
        return tokens
    return [
        token
        for place, token in enumerate(tokens)
        if token.spelled not in _NUMBER_WORDS or not _before_number(tokens, place)
    ]


def _token(printed: str, spelled: str) -> Token:
    return Token(printed, spelled, fold(spelled))


def _ascii_tokens(printed: str) -> list[Token]:
    words: list[str] = _ASCII_WORD.findall(printed)
    return list(map(_ascii_token, words))


def forget_tokens() -> None:
    """Let the remembered tokens go."""
    _ascii_token.cache_clear()
    _other_token.cache_clear()


@lru_cache(_CACHED_WORDS)
def _ascii_token(piece: str) -> Token:
    spelled = piece.lower()
    if not spelled.isalnum():
        spelled = spelled.replace("'", "").replace("`", "")
    numbered = _NUMBERED.fullmatch(spelled)
    if numbered is not None:
        return _token(piece, numbered[1])
    return Token(piece, spelled, fold(spelled), readings=_without_digits(spelled))


def _without_digits(spelled: str) -> tuple[str, ...]:
    """Return the readings of a word whose digits may be letters; none for most words."""
    if spelled.isalpha() or _FALSE_DIGIT.fullmatch(spelled) is None:
        return ()
    if sum(map(str.isalpha, spelled)) < _FEWEST_LETTERS:
        return ()
    return tuple(dict.fromkeys(fold(spelled.translate(letters)) for letters in _LETTERS_OF))


@lru_cache(_CACHED_WORDS)
def _other_token(piece: str) -> Token:
    spelled = "and" if piece.lower() in _UKRAINIAN_AND else spell_latin(piece)
    folded = fold(spelled)
    others = dict.fromkeys(map(fold, other_spellings(piece)))
    readings = tuple(each for each in others if each != folded)
    code = _NATIVE_FORMS.get(piece.lower())
    return Token(piece, spelled, folded, code=code, readings=readings[:MOST_READINGS])


def _unicode_tokens(printed: str) -> list[Token]:
    shown = unicodedata.normalize("NFKC", printed).translate(_SILENT)
    kept = "".join(letter for letter in map(_kept_letter, shown))
    tokens: list[Token] = []
    language = tell_language(simplify(kept)) if _HAN.search(kept) is not None else "han"
    for piece in join_abd(kept).split():
        if _HAN.search(piece) is not None:
            tokens.extend(split_han(piece, language))
        elif _ARABIC.search(piece) is not None:
            tokens.extend(split_arabic(piece))
        else:
            tokens.append(_ascii_token(piece) if piece.isascii() else _other_token(piece))
    return tokens


def _kept_letter(letter: str) -> str:
    if letter.isalnum():
        return letter
    category = unicodedata.category(letter)
    if category in {"Cf", "Cc"} and not letter.isspace():
        return ""
    if category[0] == "M":
        # Latin accents were composed or are decoration; vowel signs of other scripts are letters.
        return "" if letter <= "\u036f" else letter
    return " "


def _merge_letters(tokens: list[Token]) -> list[Token]:
    merged: list[Token] = []
    run: list[Token] = []
    for place, token in enumerate(tokens):
        if _is_letter(token):
            run.append(token)
        elif not (run and token.spelled == "and" and _before_letter(tokens, place)):
            _close_run(merged, run)
            merged.append(token)
    _close_run(merged, run)
    return merged


def _is_letter(token: Token) -> bool:
    return len(token.spelled) == 1 and "a" <= token.spelled <= "z"


def _before_letter(tokens: list[Token], place: int) -> bool:
    return any(map(_is_letter, tokens[place + 1 : place + 2]))


def _close_run(merged: list[Token], run: list[Token]) -> None:
    if len(run) > 1:
        spelled = "".join(token.spelled for token in run)
        merged.append(_token(" ".join(token.printed for token in run), spelled))
    else:
        merged.extend(run)
    run.clear()


def _before_number(tokens: list[Token], place: int) -> bool:
    following = tokens[place + 1 : place + 2]
    return len(following) == 1 and following[0].spelled[0].isdigit()
