"""The spreadsheet page: it screens a table of counterparties and writes evidence for each row."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.tables.requests:ROUTES",),
    pages=(
        "abeyance_screening.features.tables.page:PAGES",
        "abeyance_screening.features.tables.requests:PAGES",
    ),
    navigation=(("/spreadsheet", "Spreadsheet"),),
    dependencies="abeyance_screening.features.tables.service:dependencies",
    retention="abeyance_screening.features.tables.service:delete_old_results",
)
