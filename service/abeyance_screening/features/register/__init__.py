"""The register of measures: its records, events, confirmations and bundles."""

from abeyance_screening.platform.feature import CommandEntry, Feature

FEATURE = Feature(
    routes=(
        "abeyance_screening.features.register.measures_api:ROUTES",
        "abeyance_screening.features.register.events_api:ROUTES",
        "abeyance_screening.features.register.api:ROUTES",
        "abeyance_screening.features.register.review_api:ROUTES",
    ),
    pages=(
        "abeyance_screening.features.register.measures_page:PAGES",
        "abeyance_screening.features.register.review_page:PAGES",
    ),
    navigation=(("/measures", "Measures"),),
    commands=(
        CommandEntry(
            "measures",
            "abeyance_screening.features.register.cli.measures",
            "Show measures and their status on a day.",
        ),
        CommandEntry(
            "register add",
            "abeyance_screening.features.register.cli.event_commands",
            "Record an event of your own for MEASURE, or the accepted proposals of a file.",
        ),
        CommandEntry(
            "register bundle",
            "abeyance_screening.features.register.cli.bundle",
            "Write a register and its ledger as one signed file.",
        ),
        CommandEntry(
            "register check",
            "abeyance_screening.features.register.cli.ledger",
            "Check the YAML files of a register and their ledger.",
        ),
        CommandEntry(
            "register coverage",
            "abeyance_screening.features.register.cli.review_command",
            "Print what the law behind the listings rests on, by list and by measure.",
        ),
        CommandEntry(
            "register record",
            "abeyance_screening.features.register.cli.ledger",
            "Enter events and retractions that the ledger lacks, with the current time.",
        ),
        CommandEntry(
            "register retract",
            "abeyance_screening.features.register.cli.event_commands",
            "Take back EVENT of MEASURE, one of your own.",
        ),
        CommandEntry(
            "register review",
            "abeyance_screening.features.register.cli.review_command",
            "Show the measures that most need a legal reader, or sign one off.",
        ),
        CommandEntry(
            "register schema",
            "abeyance_screening.features.register.cli.ledger",
            "Print the JSON Schema of a register file.",
        ),
        CommandEntry(
            "register state",
            "abeyance_screening.features.register.cli.bundle",
            "Show which register is in force, how the last bundle ended, and what waits to be "
            "read.",
        ),
        CommandEntry(
            "register verify",
            "abeyance_screening.features.register.cli.bundle",
            "Verify the signature of a bundle, and check everything in it.",
        ),
    ),
    dependencies="abeyance_screening.features.register.service:dependencies",
    examples="abeyance_screening.features.register.examples:EXCHANGES",
)
