"""How a status is worked out from events; pure, and the same for everybody."""
