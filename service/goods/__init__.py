"""Whether a transaction is one that a measure reaches: goods, places and uses compared.

Three answers, never a guess: a fact is met, it is not, or it is open because one side does not
say. Pure; which measure has which status is for others.
"""
