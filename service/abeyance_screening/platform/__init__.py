"""What features stand on: HTTP, PostgreSQL, pages, the command line, limits, sandboxes."""
