"""Draft proposals: events from documents of the Federal Register, for a person to accept."""
