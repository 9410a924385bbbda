"""Lists: a folder for each publisher, and how editions are read, checked, loaded and refreshed."""
