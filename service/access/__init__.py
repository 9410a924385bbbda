"""Access: the keys that callers show, and what each of them may do."""
