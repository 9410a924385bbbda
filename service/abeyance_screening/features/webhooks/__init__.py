"""Webhooks: receivers that are told of each event of an account."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.webhooks.api:ROUTES",),
    dependencies="abeyance_screening.features.webhooks.service:dependencies",
    lifespan="abeyance_screening.features.webhooks.service:delivering",
    retention="abeyance_screening.features.webhooks.service:delete_old_deliveries",
    metrics="abeyance_screening.features.webhooks.service:metrics",
    examples="abeyance_screening.features.webhooks.examples:EXCHANGES",
)
