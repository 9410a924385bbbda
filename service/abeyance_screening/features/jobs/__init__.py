"""Jobs: tables that are screened in the background."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=(
        "abeyance_screening.features.jobs.api:ROUTES",
        "abeyance_screening.features.jobs.results_api:ROUTES",
    ),
    commands=(
        CommandEntry(
            "jobs",
            "abeyance_screening.features.jobs.cli",
            "Look at the jobs of a service, cancel them, and fetch their results.",
        ),
        CommandEntry(
            "work", "abeyance_screening.features.jobs.work_command", "Work on jobs until stopped."
        ),
    ),
    dependencies="abeyance_screening.features.jobs.service:dependencies",
    retention="abeyance_screening.features.jobs.service:delete_old_jobs",
    metrics="abeyance_screening.features.jobs.service:metrics",
    examples="abeyance_screening.features.jobs.examples:EXCHANGES",
)
