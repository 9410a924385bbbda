"""Tell under which sanctions a listing stands, in one word for all lists.

Several lists print no country of a party, but each names the programme under which it has it. Two
parties of one name under sanctions on the same country are far more often one than two under
sanctions on different ones.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# What the programmes of the UN, the UK, Australia, Canada, Japan and OFAC have in them, by regime.
# Terrorists are one regime: the UN's two committees, and what states add on their own.
_PROGRAMMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (regime, re.compile(words))
    for regime, words in (
        ("Russia", r"RUS|Russia|RUSSIA|Ukraine|UKRAINE|ロシア連邦|クリミア"),
        ("Belarus", r"BEL$|Belarus|BELARUS|ベラルーシ\("),
        ("Iran", r"INU|IRN|Iran|IRAN|IFSR|IRGC|HRIT-IR|イラン"),
        ("North Korea", r"DPR|北朝鮮"),
        ("Syria", r"SYR|CHW|Syria|PAARSSR|シリア"),
        (
            "terrorists",
            r"AQD|AFG|CTI|CTD|SDGT|FTO|Al-Qaida|Taliban|1267|1373|1988|タリバーン|テロリスト",
        ),
        ("Iraq", r"IRQ|Iraq|IRAQ|イラク"),
        ("Libya", r"LIB$|Libya|LIBYA|リビア"),
        ("DR Congo", r"DRC|Democratic Republic of the Congo|コンゴ民主共和国"),
        ("Somalia", r"SOM|Somalia|Al-Shabaab|ソマリア"),
        ("South Sudan", r"SSU|South ?Sudan|SOUTH SUDAN|南スーダン"),
        ("Sudan", r"SUD$|^Sudan|(?<!South )\(Sudan|^SUDAN|DARFUR|^スーダン"),
        ("Central Africa", r"CAF|^CAR$|Central African|中央アフリカ"),
        ("Yemen", r"YEM|Yemen|イエメン"),
        ("Haiti", r"HAI|Haiti|HAITI|ハイチ"),
        ("Myanmar", r"MYA|BURMA|Burma|Myanmar"),
        ("Venezuela", r"VEN$|Venezuela|VENEZUELA"),
        ("Nicaragua", r"NIC$|Nicaragua|NICARAGUA"),
        ("Zimbabwe", r"ZIM|Zimbabwe"),
        ("Guinea-Bissau", r"GUB|Guinea-Bissau"),
        ("Balkans", r"BIH|FFRY|BALKANS|ユーゴ"),
    )
)


def regimes_of(programmes: Iterable[str]) -> frozenset[str]:
    """Return the regimes of a listing's programmes; a programme of another kind is none."""
    return frozenset[str]().union(*map(_regimes_in, programmes))


# Tens of thousands of listings have some hundred programmes, and often cite the same acts.
@lru_cache(4096)
def _regimes_in(programme: str) -> frozenset[str]:
    return frozenset(regime for regime, words in _PROGRAMMES if words.search(programme))
