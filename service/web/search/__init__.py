"""The search page: one name, answered as it is typed."""
