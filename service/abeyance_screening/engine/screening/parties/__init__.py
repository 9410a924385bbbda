"""Parties: the listings of several lists that are one company or person."""
