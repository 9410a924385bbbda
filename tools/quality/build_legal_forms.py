"""Build `legal_forms_gleif.txt` from GLEIF's table of entity legal forms (CC0).

python -m tools.quality.build_legal_forms --elf gleif-elf-codes.csv

The table has every abbreviation of two letters or more. Of the names of several words it has those
that firms print: the ones whose abbreviation consists of the beginnings of their words, joining
words apart (d.o.o., Kom.Şti.), and short ones with a word for a company in a language other than
English (Offene Handelsgesellschaft), which have no code if they have no abbreviation. The others
describe a kind of body ("Housing Finance Company"). Forms of the hand-written table are left out,
and so are short abbreviations that are words or numerals in names ("II", "PER", "SON").
"""

import argparse
import csv
import re
from collections.abc import Sequence
from pathlib import Path

from abeyance_screening.engine.names.form.normalise import fold_phrase
from abeyance_screening.engine.names.form.token import read_table, read_words
from abeyance_screening.engine.names.form.tokens import split_tokens
from abeyance_screening.engine.names.form.trade_words import merge_trade_words

_TARGET = Path("service/abeyance_screening/engine/names/form/data/legal_forms_gleif.txt")
_HEAD = """# Legal forms at the end of a name, in every language of GLEIF's list of Entity
# Legal Forms 1.4.1 (CC0). code: spelling | spelling …
# Built by tools/quality/build_legal_forms.py; do not edit.
"""
# The two-letter abbreviations that company names commonly end in; others are left out.
_SHORT_FORMS = """
    bv nv lp ag se kg cv sa as ou uu oy ab ky kb ev eg ek ad ks sl lc hf gp ve oe ao da sp pc ut
    is ps sc
"""
_NOT_FORMS = """
    ii iii vi iv per oth fon son one eu ste gen distretto fund trust bank branch cooperative esp
    uni coop div sat sic fab sam set net sea sun star cor eco tech cia ass art arl fia fam opera
    ong ent sca ice non school union mir fcr pro pzo clf ond emc ctr tip inst other cooperation
    association assoc smc
"""
# What follows a name in brackets, or its abbreviation after a dash.
_REMARK = re.compile(r" ?\([^)]*\)?")
# Parts of words for a company, and how many words its form has at most.
_COMPANY = """
    gesellschaft genossenschaft vennootschap societe sociedad sociedade societa societate spolka
    spolecnost spolocnost drustvo druzhestvo druzba etaireia etairia osauhing uhing aktsiaselts
    bolag selskab selskap yhtio osakeyhtio sabiedriba bendrove tarsasag shoqeri sirket obshchestvo
    obshchestva tavarystva ortaklig jamiyat cemiyyet sharika
"""
_MOST_WORDS = 7
# Words for "with" and "by" in names of forms, beside those of names of firms.
_JOINING = frozenset({*read_words("silent_words.txt"), "sa", "so", "con", "avec", "cu", "per"})

# The hand-written table: the code of each form, by its folded spelling. A mark before the code
# says that the form is one at either end of a name only.
_BY_HAND = {
    fold_phrase(spelling): code
    for code, spellings in read_table("legal_forms.txt")
    for spelling in spellings
}
_KNOWN = {spelling: code.removeprefix("^") for spelling, code in _BY_HAND.items()}
_ANYWHERE = {spelling for spelling, code in _BY_HAND.items() if not code.startswith("^")}


def main() -> None:
    """Read GLEIF's table, and write ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elf", type=Path, required=True)
    with parser.parse_args().elf.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = set(_KNOWN)
    codes: dict[str, list[str]] = {}
    for row in rows:
        for code, spelling in _spellings(row):
            folded = fold_phrase(spelling)
            if folded and folded not in known:
                known.add(folded)
                codes.setdefault(code, []).append(" ".join(spelling.lower().split()))
    text = "\n".join(f"{code}: {' | '.join(codes[code])}" for code in sorted(codes))
    _TARGET.write_text(_HEAD + text + "\n", encoding="utf-8")


def _spellings(row: dict[str, str]) -> list[tuple[str, str]]:
    columns = (row["Abbreviations Local language"], row["Abbreviations transliterated"])
    printed = [each.strip(" .") for column in columns for each in column.split(";")]
    codes = {each: _code(each) for each in printed if len(_letters(each)) > 1}
    columns = (
        row["Entity Legal Form name Local name"],
        row["Entity Legal Form name Transliterated name (per ISO 01-140-10)"],
    )
    pairs: list[tuple[str, str]] = []
    for name in sorted(filter(_is_form_name, {_REMARK.sub("", each).strip() for each in columns})):
        words = [token.spelled for token in split_tokens(name)]
        made_of = [each for each in codes if _begins_each(_letters(each), words)]
        if made_of or _is_of_a_company(name):
            short = next(iter((*made_of, *codes)), None)
            if short is not None and _goes_on_around_one(short):
                codes[short] = "".join(words)
            pairs.append(("" if short is None else codes[short], name))
    return [(codes[each], each) for each in printed if _is_form(each)] + pairs


def _goes_on_around_one(abbreviation: str) -> bool:
    """Return whether an abbreviation has more words than a form of the hand-written table in it.

    Under a code of its own it is found before that form (Koll. Şti., not Şti.).
    """
    words = fold_phrase(abbreviation).split(" ")
    return len(words) > 1 and not _ANYWHERE.isdisjoint(words)


def _is_of_a_company(name: str) -> bool:
    is_short = len(name.split()) <= _MOST_WORDS and "," not in name
    return is_short and any(stem in _letters(name) for stem in _COMPANY.split())


def _is_form_name(name: str) -> bool:
    """Return whether a name has several words, one of them no word of a trade.

    Words of trades tell what a body is ("International Organization"), and count little anyway.
    """
    words = merge_trade_words(split_tokens(name))
    named = [word for word in words if not word.is_trade_word and word.text not in _KNOWN]
    return len(name.split()) > 1 and bool(named)


def _begins_each(letters: str, words: Sequence[str]) -> bool:
    """Return whether letters are the beginnings of words in order; a joining word may lack one."""
    if not words:
        return not letters
    first, *others = words
    if first in _JOINING and _begins_each(letters, others):
        return True
    return any(
        letters.startswith(first[:size]) and _begins_each(letters[size:], others)
        for size in range(1, len(first) + 1)
    )


def _is_form(printed: str) -> bool:
    letters = _letters(printed)
    if not printed or fold_phrase(printed) in _KNOWN:
        return False
    if len(letters) == 2:
        return letters in _SHORT_FORMS.split()
    return len(letters) > 2 and letters not in _NOT_FORMS.split() and letters.isascii()


def _letters(printed: str) -> str:
    return "".join(token.spelled for token in split_tokens(printed))


def _code(printed: str) -> str:
    """Return the code of an abbreviation: that of the hand-written table, or its own letters."""
    letters = " ".join(token.spelled for token in split_tokens(printed))
    return _KNOWN.get(fold_phrase(printed), letters)


if __name__ == "__main__":
    main()
