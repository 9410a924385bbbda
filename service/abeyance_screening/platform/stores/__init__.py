"""The stores that several features read: lists, parties, and the register, each query once."""
