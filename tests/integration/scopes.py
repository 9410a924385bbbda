"""Scopes that routes ask for within, beside the one that they declare."""

ALSO_NEEDED = {
    # whoever decides on the search page puts a counterparty on watch in the same act
    "POST /counterparties/decision": "counterparties",
}
