"""What the title of an act says by itself: what it does, and which measures it may be about.

Gazettes and ministries title their acts by forms of their own: OFAC's recent actions, MOFCOM's
announcements, the Official Journal, gov.uk, the committees of the Security Council. A title is
read by these forms alone; what it does not say is left to a person.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from abeyance_screening.engine.measures.measure import EventKind, Measure
from abeyance_screening.engine.measures.places import Place, meant

# More measures than these are no hint at all.
MOST_MEANT = 12


class TitleReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a title says: the kind of event, and the ids of the measures that it may be about.

    `words` are those of the title that say what it does, None where nothing does; `named_by` says
    whether the measures are named by their own acts, or by the words of their subject.
    """

    kind: EventKind | None
    words: str | None
    measures: tuple[str, ...]
    named_by: str


# What an act does, by the words of its title; the first that matches counts, so that what loosens
# stands after what keeps it from doing so. Sources: the titles in `tests/fixtures/places`.
_DEEDS: tuple[tuple[str, EventKind], ...] = (
    # the extension of a suspension, before the suspension
    (r"继续暂停|延长.{0,12}暂停", "extend_suspension"),
    (r"(?i)\bextension of (the )?suspension\b", "extend_suspension"),
    (r"暂停", "suspend"),
    (r"(?i)\b(suspension|suspends?|suspending)\b", "suspend"),
    (r"停止", "stop_measures"),
    (r"(?i)\b(removals?|removes?|delist(ing|ed)?|removed)\b", "delist"),
    (r"(?i)\bissu(ance of|ing) amended\b.*\bgeneral licen[cs]e", "replace_authorisation"),
    (r"(?i)\bissu(ance of|ing)\b.*\bgeneral licen[cs]e", "authorise"),
    (r"(?i)\bgeneral licen[cs]es? amended\b", "replace_authorisation"),
    (r"(?i)\b(continuation of the national emergency|extends? restrictive measures)\b", "renew"),
    (r"(?i)\b(prolong|extend)(s|ing)?\b|\bshall apply until\b", "renew"),
    (r"(?i)\b(repeal|revoc|revok)\w*", "revoke"),
    (r"(?i)\b(corrigendum|correction)\b", "correct"),
    (r"取消.{0,40}反制措施", "revoke"),
    (r"采取反制措施的决定|采取不可靠实体清单(?:处理)?措施", "list"),
    (r"(?i)\b(designations?|designates?|added|adds)\b|列入|追加", "expand"),
    (r"(?i)\b(amend(s|ed|ing|ment)?|revis(es|ed|ions?)|modifying|wijziging)\b", "amend"),
    (r"改正|修正|일부개정", "amend"),
    (r"实施出口管制", "take_effect"),
)
_READ_DEEDS: tuple[tuple[re.Pattern[str], EventKind], ...] = tuple(
    (re.compile(pattern), kind) for pattern, kind in _DEEDS
)

# Words of a subject in titles, and what the ids and titles of its measures have.
_SUBJECTS: tuple[tuple[str, str], ...] = (
    (r"(?i)affiliates rule", "affiliates"),
    (r"(?i)1260H|Chinese Military Companies", "1260h"),
    (r"(?i)uyghur forced labor|UFLPA", "uflpa"),
    (r"(?i)withhold release", "wro"),
    (r"(?i)section 301", "301"),
    (r"(?i)reciprocal tariff", "reciprocal"),
    (r"(?i)\bRussia|俄罗斯|ロシア", "russia"),
    (r"(?i)\bBelarus|白俄罗斯|ベラルーシ", "belarus"),
    (r"(?i)\bIran(ian)?\b|伊朗", "iran"),
    (r"(?i)\bUkraine\b", "ukraine"),
    (r"(?i)counter terrorism", "sdgt"),
    (r"(?i)ISIL|Al-Qaida|\b1267\b", "1267"),
    (r"(?i)\b1718\b", "1718"),
    (r"外国ユーザーリスト", "eul"),
    (r"不可靠实体清单", "uel"),
    (r"特别港务费", "port"),
    (r"稀土", "rare-earth"),
    (r"戰略性高科技貨品出口實體管理名單", "shtc"),
    (r"(?i)nonproliferation", "isn"),
)
_READ_SUBJECTS = tuple((re.compile(pattern), token) for pattern, token in _SUBJECTS)


def read_title(place: Place, title: str, measures: Sequence[Measure]) -> TitleReading:
    """Return what a title says; empty where it says nothing by a form that is known."""
    kind, words = deed_in(title)
    named = meant(place, title, measures)
    return TitleReading(
        kind=kind,
        words=words,
        measures=named or _by_subject(place, title, measures),
        named_by="its title names the measure's own act"
        if named
        else "its title has the words of the measure's subject",
    )


def deed_in(text: str) -> tuple[EventKind | None, str | None]:
    """Return what an act does by its title, or by a sentence of it, and the words that say so."""
    for pattern, kind in _READ_DEEDS:
        match = pattern.search(text)
        if match is not None:
            return kind, match[0]
    return None, None


def _by_subject(place: Place, title: str, measures: Iterable[Measure]) -> tuple[str, ...]:
    """Return the measures of the place whose subject a title names; none where they are many."""
    tokens = [token for pattern, token in _READ_SUBJECTS if pattern.search(title)]
    if not tokens:
        return ()
    found = tuple(
        each.id
        for each in measures
        if each.authority in place.decides
        and all(token in f"{each.id} {each.title}".casefold() for token in tokens)
    )
    return found if len(found) <= MOST_MEANT else ()
