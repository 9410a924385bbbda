"""The watch on the places where acts appear."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=("abeyance_screening.features.watch.api:ROUTES",),
    pages=("abeyance_screening.features.watch.drafts_page:PAGES",),
    commands=(
        CommandEntry(
            "register confirm",
            "abeyance_screening.features.watch.confirm_command",
            "Confirm that PLACE was read, and that whatever it brought is in the register.",
        ),
        CommandEntry(
            "register propose",
            "abeyance_screening.features.watch.proposals.cli",
            "Draft events from documents of the Federal Register.",
        ),
        CommandEntry(
            "register watch",
            "abeyance_screening.features.watch.proposals.watch_command",
            "Look at the places where acts appear, and draft proposals from what is new.",
        ),
    ),
    dependencies="abeyance_screening.features.watch.service:dependencies",
    examples="abeyance_screening.features.watch.examples:EXCHANGES",
)
