"""Limits of keys: rates a second and a day, shared by all processes."""
