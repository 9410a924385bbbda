"""Measures: the legal rules behind listings, their events, and their status on a day."""
