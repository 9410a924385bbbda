"""The HTTP API: each handler decodes a request, makes one call and answers."""
