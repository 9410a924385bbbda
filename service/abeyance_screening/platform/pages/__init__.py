"""The frame of the desk's pages."""
