"""The French national register of frozen assets, a JSON file."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = "https://gels-avoirs.dgtresor.gouv.fr/"

SOURCES = (
    ListSource(
        place=122,
        code="fr_gels",
        title="Registre national des gels",
        publisher="French Treasury, Direction générale du Trésor",
        urls=(f"{_HOME}ApiPublic/api/v1/publication/derniere-publication-fichier-json",),
        home_url=_HOME,
        formats=("Registre national des gels, as JSON",),
        cadence="with each change, several times a week",
        every_hours=6,
        licence=(
            "Public information of the French state (Code des relations entre le public et "
            "l'administration, L. 321-1): free to reuse with source and day named"
        ),
        attribution="Direction générale du Trésor, Registre national des gels",
        tried_on=(
            "no official file was at hand: entries set out by the published schema of 2021 (XSD); "
            "names and references are of public record"
        ),
    ),
)

LISTS = (
    KnownList(
        place=202,
        code="fr_gels",
        title="French register of frozen assets",
        authority="French Treasury",
        jurisdiction="FR",
        sources=("fr_gels",),
        max_age_days=7,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
