"""OFAC's own files in the formats of the past."""
