"""The calendar page: what comes, and what has passed unconfirmed."""
