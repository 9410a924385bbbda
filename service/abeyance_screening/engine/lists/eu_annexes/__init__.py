"""The parties and ships that annexes to EU regulations name, beside the financial sanctions list.

Sources: https://eur-lex.europa.eu/eli/reg/2014/833 and https://eur-lex.europa.eu/eli/reg/2006/765
"""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_REUSE = "European Commission reuse decision 2011/833/EU (CC BY 4.0)"
_CREDIT = "European Union, EUR-Lex"
_FORMATS = (
    "the consolidated text in English, as HTML",
    "the consolidated text in English, as Formex XML",
)
_RUSSIA = "https://eur-lex.europa.eu/eli/reg/2014/833"
_BELARUS = "https://eur-lex.europa.eu/eli/reg/2006/765"

SOURCES = (
    ListSource(
        place=112,
        code="eu_annexes_833",
        title="Regulation (EU) No 833/2014, consolidated",
        publisher="Publications Office of the EU, EUR-Lex",
        urls=(),
        home_url=_RUSSIA,
        formats=_FORMATS,
        cadence="with each sanctions package",
        every_hours=24,
        licence=_REUSE,
        attribution=_CREDIT,
        tried_on=(
            "Annex IV of 2023-04-27, whole, and 19 entries of Annexes IV and XLII as Regulation "
            "(EU) 2025/1494 prints them: the official text, set in EUR-Lex's documented HTML and "
            "in Formex; no file of EUR-Lex itself was at hand"
        ),
    ),
    ListSource(
        place=114,
        code="eu_annexes_765",
        title="Regulation (EC) No 765/2006, consolidated",
        publisher="Publications Office of the EU, EUR-Lex",
        urls=(),
        home_url=_BELARUS,
        formats=_FORMATS,
        cadence="with each sanctions package",
        every_hours=24,
        licence=_REUSE,
        attribution=_CREDIT,
        tried_on=(
            "Annex V whole, as Regulation (EU) 2022/877 prints it: the official text, set in "
            "EUR-Lex's documented HTML and in Formex; no file of EUR-Lex itself was at hand"
        ),
    ),
)

LISTS = (
    KnownList(
        place=192,
        code="eu_833_iv",
        title="EU export bans, Russia: parties of Annex IV",
        authority="European Union",
        jurisdiction="EU",
        sources=("eu_annexes_833",),
        max_age_days=60,
        home_url=_RUSSIA,
        canaries=("Admiralty Shipyard JSC",),
    ),
    KnownList(
        place=194,
        code="eu_833_xlii",
        title="EU port ban, Russia: ships of Annex XLII",
        authority="European Union",
        jurisdiction="EU",
        sources=("eu_annexes_833",),
        max_age_days=60,
        home_url=_RUSSIA,
    ),
    KnownList(
        place=196,
        code="eu_765_v",
        title="EU export bans, Belarus: parties of Annex V",
        authority="European Union",
        jurisdiction="EU",
        sources=("eu_annexes_765",),
        max_age_days=60,
        home_url=_BELARUS,
        canaries=("Minsk Wheeled Tractor Plant",),
    ),
)
