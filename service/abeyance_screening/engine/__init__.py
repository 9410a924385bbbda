"""The engine: lists, names, measures and screening, with no HTTP and no SQL."""
