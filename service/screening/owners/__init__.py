"""Who owns a counterparty, and what it means that an owner is listed."""
