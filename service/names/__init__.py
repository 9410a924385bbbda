"""Names: printed names made comparable, and matched."""
