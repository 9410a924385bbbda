"""What the owners of a counterparty mean for it, in words: who holds what, and each verdict."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from service.screening.answer import (
    Holding,
    OwnershipChain,
    OwnershipFinding,
    OwnershipStep,
    Verdict,
)

_VERDICT: Mapping[Verdict, str] = MappingProxyType(
    {
        "met": "The rule reaches it through its owners.",
        "open": "The rule may reach it through its owners: a share is not stated.",
        "not_met": "By what was stated, the rule does not reach it.",
    }
)
_MOST_CHAINS = 5


def shares_in_words(holdings: Iterable[Holding]) -> str:
    """Return how much an owner holds in each place of the question: `50 %, share not stated`."""
    return ", ".join(
        "share not stated" if each.share is None else f"{each.share} %" for each in holdings
    )


def verdict_in_words(finding: OwnershipFinding) -> str:
    """Return in a sentence whether an ownership rule reaches the counterparty."""
    return _VERDICT[finding.verdict]


def sum_in_words(finding: OwnershipFinding) -> str:
    """Return in a sentence what listed owners hold and what the rule requires."""
    most = finding.sum_at_most
    up_to = "" if most is None or most == finding.sum else f", up to {most} %"
    at_least = finding.bound == "at_least"
    needed = f"{finding.needed} % or more" if at_least else f"more than {finding.needed} %"
    together = "together" if finding.aggregate else "by one of them alone"
    return (
        f"Listed owners hold {finding.sum} %{up_to}; the rule requires {needed}, held {together}."
    )


def chains_in_words(finding: OwnershipFinding) -> tuple[str, ...]:
    """Return the best chains from a listed owner, at most five: `Rostec holds 60 % of Acme`."""
    return tuple(map(_chain, finding.chains[:_MOST_CHAINS]))


def _chain(chain: OwnershipChain) -> str:
    return "; ".join(map(_step, chain.steps))


def _step(step: OwnershipStep) -> str:
    share = "a share not stated" if step.share is None else f"{step.share} %"
    return f"{step.owner.name} holds {share} of {step.owned.name}"
