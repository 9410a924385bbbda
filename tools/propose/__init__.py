"""Proposals: events drafted out of documents of the Federal Register, for a person to accept."""
