"""Lists: one file or folder a list, and how editions are read, guarded, loaded and refreshed."""
