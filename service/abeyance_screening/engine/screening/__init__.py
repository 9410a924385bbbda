"""Screening: a question, the listings that it meets, and what they mean on the day."""
