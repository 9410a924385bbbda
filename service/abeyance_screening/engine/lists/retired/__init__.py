"""Formats of the past: what publishers no longer offer, or what a refresh no longer takes.

A retired reader reads files that somebody loads by hand, as the history of a list or as the last
edition of a closed one; it never reads what a refresh has downloaded. It is kept because files of
it are in archives: the days before a newer format answer from nothing else. Each is in a folder,
named after the list, like every other reader. A folder that declares no `SOURCES` of its own adds
formats to those of a source that has newer ones.
"""
