"""Names: make printed names comparable (`form`), and match them (`match`)."""
