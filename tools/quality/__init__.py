"""Scripts that build the tables of matching, remake bundled editions, and measure."""
