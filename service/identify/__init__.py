"""Identify: what a number claims to be, whether it can be that, and when two are one number.

A number decides: a listing that carries one of the question's is a hit whatever its name. So two
numbers meet only if their digits are the same and nothing says that they are of different kinds.
"""

from service.identify.named import named_identifiers
from service.identify.numbers import Number, fault_of, label_of, meet, numbers_in
from service.identify.plain import plain
from service.identify.schemes import UNIQUE

__all__ = [
    "UNIQUE",
    "Number",
    "fault_of",
    "label_of",
    "meet",
    "named_identifiers",
    "numbers_in",
    "plain",
]
