"""HTTP: the entrance, bodies, problems, limits and headers of every route."""
