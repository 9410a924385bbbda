"""Find out what a document does to the lists that are changed in the Federal Register."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from abeyance_screening.features.watch.proposals.us_fr.sentences import Sentence

Change = Literal["list", "delist", "amend"]

# The list of the UFLPA is first, because its name ends like that of the Entity List.
_NAMES = {
    "us_uflpa": r"(?:(?:UFLPA|Uyghur Forced Labor Prevention Act(?: \(UFLPA\))?) Entity List"
    r"|(?:section 2\(d\)\(2\)\(B\)\([iv]+\)|one of the) lists? of the UFLPA)",
    "us_bis_el": r"(?<!Act )(?<!\(UFLPA\) )(?<!UFLPA )Entity List",
    "us_bis_meu": r"(?:Military[- ]End[- ]User (?:\(MEU\) )?|MEU )List",
    "us_bis_uvl": r"(?:Unverified List|UVL\b)",
}
_LISTS = {code: re.compile(name, re.IGNORECASE) for code, name in _NAMES.items()}

# What a clause that ends with the name of a list states of it. `added` and `removed` are about
# earlier acts, not about this one; an entry stays if only an address or alias is removed.
_FEW = r"(?:(?! entit| person)[^;,.]){0,40}"
_VERBS: dict[Change, re.Pattern[str]] = {
    "list": re.compile(rf"\badd(?:s|ing)?\b(?!{_FEW}\balias)[^;]*\bto (?:the )?$", re.IGNORECASE),
    "delist": re.compile(
        rf"\bremov(?:e|es|ing)\b(?!{_FEW}\b(?:address|alias))[^;]*\bfrom the $", re.IGNORECASE
    ),
    "amend": re.compile(
        r"\b(?:revis|modif|amend|correct)(?:es|ies|ing|ying|s)\b(?:(?! by )[^;.,]){0,60}"
        r"\b(?:entry|entries|entity|entities)\b[^;]*\b(?:on|to) the $"
        rf"|\bremov(?:es|ing)\b{_FEW}\b(?:address|alias)(?:es)?\b[^;]*$",
        re.IGNORECASE,
    ),
}
_NOUNS: dict[Change, re.Pattern[str]] = {
    "list": re.compile(r"\badditions?\b", re.IGNORECASE),
    "delist": re.compile(r"\bremovals?\b", re.IGNORECASE),
    "amend": re.compile(r"\b(?:revisions?|modifications?|corrections?)\b", re.IGNORECASE),
}
_HINDSIGHT = re.compile(r"\b(?:may lead to|following the|follows the)\b", re.IGNORECASE)


class ListChange(msgspec.Struct, frozen=True):
    """One change of a list, the words that state it, and their sentence."""

    change: Change
    list_code: str
    words: str
    sentence: Sentence


def list_changes(title: Sentence, others: tuple[Sentence, ...]) -> tuple[ListChange, ...]:
    """Return the changes of each list, each once.

    They are in the sentences of the summary and in the nouns of the title (`Additions to the
    Entity List`). A title that only speaks of revisions counts if the summary states no change of
    the list, but names it or does not exist.
    """
    found: list[ListChange] = []
    for code, name in _LISTS.items():
        stated = _first_of_each(_stated(code, name, others))
        titled = _first_of_each(_titled(code, name, title))
        if stated or (others and not any(name.search(each.text) for each in others)):
            titled.pop("amend", None)
        both = titled | stated
        found.extend(both[change] for change in _VERBS if change in both)
    return tuple(found)


def _first_of_each(changes: Iterable[ListChange]) -> dict[Change, ListChange]:
    return {each.change: each for each in reversed(tuple(changes))}


def _stated(
    code: str, name: re.Pattern[str], sentences: Iterable[Sentence]
) -> Iterator[ListChange]:
    for sentence in sentences:
        for match in name.finditer(sentence.text):
            clause = _clause(code, sentence.text[: match.start()])
            for change, verb in () if _HINDSIGHT.search(clause) else _VERBS.items():
                words = verb.search(clause)
                if words is not None:
                    yield ListChange(change, code, f"{words[0]}{match[0]}", sentence)


def _titled(code: str, name: re.Pattern[str], title: Sentence) -> Iterator[ListChange]:
    for part in map(str.strip, title.text.split(";")):
        for match in name.finditer(part):
            clause = _clause(code, part[: match.start()]) or part[match.end() :]
            for change, noun in () if _HINDSIGHT.search(clause) else _NOUNS.items():
                if noun.search(clause):
                    yield ListChange(change, code, part, title)


def _clause(code: str, before: str) -> str:
    """Return the text between the last name of another list and this one."""
    ends = [
        match.end()
        for other, name in _LISTS.items()
        if other != code
        for match in name.finditer(before)
    ]
    return before[max(ends, default=0) :]
