"""The audit log: who did what, and when."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.audit.api:ROUTES",),
    commands=(
        CommandEntry(
            "audit",
            "abeyance_screening.features.audit.cli",
            "Print the audit log, the oldest entry first; with --json one entry a line.",
        ),
    ),
    dependencies="abeyance_screening.features.audit.api:dependencies",
    lifespan="abeyance_screening.features.audit.linking:linking_audit",
    examples="abeyance_screening.features.audit.examples:EXCHANGES",
)
