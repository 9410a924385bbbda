"""Measures what the matching engine finds, what it alerts on, and how fast it is.

Everything here goes through the engine's public interface, and what a trial asks does not depend
on the engine: the same files give the same questions to every version of it.
"""
