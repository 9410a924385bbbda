"""HTTP: decode, one call into flow, answer. One module a noun; problems.py words every error."""
