"""The trade desk: pages for a person, rendered here, that work without any script.

A page takes the answer of `flow`, lays it out as structs of words and shapes, and hands them to a
template. No status is decided here.
"""
