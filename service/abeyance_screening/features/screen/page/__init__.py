"""The search page: one name, answered while it is typed."""
