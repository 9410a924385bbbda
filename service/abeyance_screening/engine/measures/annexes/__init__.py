"""Annexes: the codes of goods that acts print, as files of rows, and where each was read."""
