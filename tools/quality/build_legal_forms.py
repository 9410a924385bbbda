"""Build `legal_forms_gleif.txt` from GLEIF's table of entity legal forms (CC0).

python -m tools.quality.build_legal_forms --elf gleif-elf-codes.csv

The table has every abbreviation of two letters or more, and the full name of a form whose
abbreviation is its initials. It leaves out forms of the hand-written table, and short
abbreviations that are words or numerals in names ("II", "PER", "SON").
"""

import argparse
import csv
from pathlib import Path

from abeyance_screening.engine.names.form.normalise import find_legal_forms, fold_phrase
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.tokens import split_tokens

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
    association assoc
"""


def main() -> None:
    """Read GLEIF's table, and write ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elf", type=Path, required=True)
    with parser.parse_args().elf.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {
        fold_phrase(spelling)
        for _, spellings in read_table("legal_forms.txt")
        for spelling in spellings
    }
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
    forms = [each for each in printed if _is_form(each)]
    pairs = [(_code(each), each) for each in forms]
    names = {
        row["Entity Legal Form name Local name"],
        row["Entity Legal Form name Transliterated name (per ISO 01-140-10)"],
    }
    for name in sorted(names):
        initials = "".join(token.spelled[0] for token in split_tokens(name))
        for each in forms:
            if len(name.split()) > 1 and _letters(each) == initials:
                pairs.append((_code(each), name))
                break
    return pairs


def _is_form(printed: str) -> bool:
    letters = _letters(printed)
    tokens = split_tokens(printed)
    if not printed or len(find_legal_forms(tokens)) == len(tokens):
        return False
    if len(letters) == 2:
        return letters in _SHORT_FORMS.split()
    return len(letters) > 2 and letters not in _NOT_FORMS.split() and letters.isascii()


def _letters(printed: str) -> str:
    return "".join(token.spelled for token in split_tokens(printed))


def _code(printed: str) -> str:
    return " ".join(token.spelled for token in split_tokens(printed))


if __name__ == "__main__":
    main()
