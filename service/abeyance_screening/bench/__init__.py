"""Measure what the matching engine finds, what it alerts on, and how fast it is.

Everything here uses the engine's public interface, and the questions of a trial do not depend on
the engine: the same files give the same questions to every version of it.
"""
