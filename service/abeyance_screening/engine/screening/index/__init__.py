"""The index: listings as arrays, kept in files that all processes of a machine map."""
