"""Who may do what: keys, sessions of people, and callers."""
