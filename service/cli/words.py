"""The words of the command line that no page has."""

from service.model.transaction import FactMet


def fact_in_words(fact: FactMet) -> str:
    """A fact of a transaction and what it meets: `284690, by hs 2846: rare earths`."""
    if fact.by is None:
        return f"{fact.fact.replace('_', ' ')} {fact.given.replace('_', ' ')}"
    return f"{fact.given}, by {fact.by.replace('_', ' ')} {fact.meets}: {fact.item_class}"
