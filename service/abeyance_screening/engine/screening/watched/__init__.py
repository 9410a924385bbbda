"""Answers that stand: what they say, how they change, and which of them a change can touch."""
