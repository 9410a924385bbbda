"""Who owns a counterparty, and whether a rule takes it for listed because of that."""
