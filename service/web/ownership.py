"""What the owners that were given mean: their own hits, and each rule's verdict in words."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from service.model.answer import OwnerResult, OwnershipResult
from service.model.owned import OwnershipChain, OwnershipFinding, OwnershipStep, Verdict
from service.web.rows import Asking, Row
from service.wording.titles import list_title

_VERDICT: Mapping[Verdict, str] = MappingProxyType(
    {
        "met": "It is reached through its owners.",
        "open": "It may be reached through its owners: a share is not stated.",
        "not_met": "What was stated does not reach it.",
    }
)
_MOST_CHAINS = 5


class OwnerShown(msgspec.Struct, frozen=True, kw_only=True):
    """An owner and the listings it may be, each by list, name and score."""

    name: str
    shares: str
    listings: tuple[tuple[str, str, str, str], ...]


class FindingShown(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on ownership, and whether it takes the counterparty for listed."""

    row: Row
    verdict: Verdict
    sentence: str
    sum_text: str
    listed: tuple[str, ...]
    chains: tuple[str, ...]


class OwnershipShown(msgspec.Struct, frozen=True, kw_only=True):
    """The owners' part of the answer."""

    owners: tuple[OwnerShown, ...]
    findings: tuple[FindingShown, ...]
    not_known: tuple[str, ...]


def ownership_shown(ownership: OwnershipResult, asking: Asking) -> OwnershipShown:
    """The owners and the verdicts; those that bind and are met come first, as in the answer."""
    return OwnershipShown(
        owners=tuple(map(_owner, ownership.owners)),
        findings=tuple(_finding(each, asking) for each in ownership.findings),
        not_known=ownership.not_known,
    )


def _owner(owner: OwnerResult) -> OwnerShown:
    stated = [holding.share for holding in owner.holdings]
    shares = ", ".join("share not stated" if each is None else f"{each} %" for each in stated)
    return OwnerShown(
        name=owner.name,
        shares=shares,
        listings=tuple(
            (
                hit.listing.id,
                list_title(hit.listing.list_code),
                hit.listing.primary_name,
                f"{hit.score:.2f}",
            )
            for hit in owner.hits
        ),
    )


def _finding(finding: OwnershipFinding, asking: Asking) -> FindingShown:
    most = finding.sum_at_most
    up_to = "" if most is None or most == finding.sum else f", up to {most} %"
    bound = "or more" if finding.bound == "at_least" else "at the least, and more"
    together = "together" if finding.aggregate else "one of them alone"
    return FindingShown(
        row=asking.row(finding.rule),
        verdict=finding.verdict,
        sentence=_VERDICT[finding.verdict],
        sum_text=(
            f"Listed owners hold {finding.sum} %{up_to}; the rule asks for {finding.needed} % "
            f"{bound}, {together}."
        ),
        listed=tuple(each.owner.name for each in finding.listed if each.counts),
        chains=tuple(map(_chain, finding.chains[:_MOST_CHAINS])),
    )


def _chain(chain: OwnershipChain) -> str:
    """`Hikvision holds 60 % of Acme Optics`."""
    return "; ".join(map(_step, chain.steps))


def _step(step: OwnershipStep) -> str:
    share = "a share not stated" if step.share is None else f"{step.share} %"
    return f"{step.owner.name} holds {share} of {step.owned.name}"
