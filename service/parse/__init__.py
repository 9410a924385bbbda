"""Parsers: a publisher's file in, whole editions of listings out; nothing half read."""
