"""Abeyance: who a counterparty may be, which measures reach it, and their status on a day."""
