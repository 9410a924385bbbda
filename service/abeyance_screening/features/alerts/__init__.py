"""Alerts: events that people work through, as pages of the API, as a feed, and by day."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.alerts.api:ROUTES",),
    pages=("abeyance_screening.features.alerts.page:PAGES",),
    navigation=(("/alerts", "Alerts"),),
    dependencies="abeyance_screening.features.alerts.service:dependencies",
    lifespan="abeyance_screening.features.alerts.mail:mailing",
    retention="abeyance_screening.features.alerts.service:delete_old_events",
    examples="abeyance_screening.features.alerts.examples:EXCHANGES",
)
