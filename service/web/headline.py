"""The answer's first lines: how many listings and open questions, how complete, on which day."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import msgspec

from service.model.answer import Outcome as AnswerOutcome
from service.web.badges import Shape
from service.web.cards import Card, Entry
from service.web.dates import day
from service.web.frame import Frame
from service.web.ownership import FindingShown
from service.web.rows import Row
from service.web.rules import Rule, Rules
from service.wording.numbers import count, plural

# So many cells a group of the strip has at most; the rest is counted in a last one.
_MOST_CELLS = 6

Outcome = Literal["hits", "none", "cannot_say"]
_OUTCOMES: Mapping[AnswerOutcome, Outcome] = MappingProxyType(
    {"hits": "hits", "owner_hits": "hits", "no_hits": "none", "incomplete": "cannot_say"}
)


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the glance strip; `differs` marks a status that is another one today."""

    href: str
    shape: Shape
    title: str
    status: str
    differs: bool


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of one kind: `cells` are shown, `every` are all; `target` is where the rest stands."""

    label: str
    target: str
    every: tuple[Cell, ...]
    cells: tuple[Cell, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return len(self.every) - len(self.cells)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of a name: the answer's outcome, its cards, and what its owners bring."""

    name: str
    outcome: AnswerOutcome
    cards: tuple[Card, ...]
    findings: tuple[FindingShown, ...]


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """What is seen first. `spoken` is what a screen reader says once typing pauses."""

    outcome: Outcome
    title: str
    lead: str
    difference: str | None
    spoken: str
    groups: tuple[Group, ...]


def headline_of(found: Found, rules: Rules, frame: Frame) -> Headline:
    """The first lines of an answer."""
    name, cards = found.name, found.cards
    entries = [entry for card in cards for entry in card.entries]
    groups = (
        _group("By name", "#hits", map(_entry_cell, entries)),
        _group("Through its owners", "#owned", map(_owner_cell, found.findings)),
        _group("Only if the facts fit", "#rules", map(_rule_cell, rules.shown)),
    )
    outcome = _OUTCOMES[found.outcome]
    title = _title(found, len(entries), rules, frame)
    return Headline(
        outcome=outcome,
        title=title,
        lead=_lead(cards, entries),
        difference=_difference([cell for group in groups for cell in group.every], frame),
        spoken=title if outcome == "hits" else _spoken_nothing(name, outcome),
        groups=tuple(group for group in groups if group.cells),
    )


def _group(label: str, target: str, cells: Iterable[Cell]) -> Group:
    every = tuple(cells)
    return Group(label=label, target=target, every=every, cells=every[:_MOST_CELLS])


def _title(found: Found, listings: int, rules: Rules, frame: Frame) -> str:
    on = "" if frame.is_today else f" on {day(frame.chosen)}"
    applying = sum(rule.applies for rule in rules.shown)
    applies = f", {plural(applying, 'rule applies', 'rules apply')}" if applying else ""
    reached = sum(each.verdict == "met" for each in found.findings)
    owned = f", reached through its owners by {plural(reached, 'rule')}" if reached else ""
    stands = plural(listings, "listing") if listings else "no listing"
    asks = f", {plural(rules.open_count, 'open question')}" if rules.open_count else ""
    return f"{found.name}{on}: {stands}{owned}{applies}{asks}"


def _lead(cards: Sequence[Card], entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    lists = len({entry.list_code for entry in entries})
    names = "One name" if len(cards) == 1 else f"{count(len(cards)).capitalize()} names"
    on = "one list" if lists == 1 else f"{count(lists)} lists"
    unsure = sum(not entry.is_known for entry in entries)
    if not unsure:
        return f"{names} on {on}."
    return f"{names} on {on}; whether listed that day is not known for {unsure} of {len(entries)}."


def _difference(cells: Sequence[Cell], frame: Frame) -> str | None:
    if frame.is_today or not cells:
        return None
    differing = sum(cell.differs for cell in cells)
    if not differing:
        return f"All {len(cells)} stand as they do today."
    verb = "differs" if differing == 1 else "differ"
    return f"{differing} of {len(cells)} {verb} from today (marked ≠)."


def _spoken_nothing(name: str, outcome: Outcome) -> str:
    return f"Nothing found for {name}" if outcome == "none" else f"Cannot say for {name}"


def _entry_cell(entry: Entry) -> Cell:
    rows = entry.rows
    if not rows:
        return Cell(
            href=f"#e-{entry.listing_id}",
            shape="unknown",
            title=entry.title,
            status="No measure on record",
            differs=False,
        )
    return Cell(
        href=f"#e-{entry.listing_id}",
        shape=rows[0].badge.shape,
        title=entry.title,
        status=_brief(rows[0]) if entry.is_known else f"{_brief(rows[0])}, if listed",
        differs=any(row.today is not None for row in rows),
    )


def _owner_cell(finding: FindingShown) -> Cell:
    words = {"met": "Through owners", "open": "Perhaps through owners", "not_met": "Not by owners"}
    return Cell(
        href="#owned",
        shape=finding.row.badge.shape,
        title=finding.row.title,
        status=words[finding.verdict] + _of_day(finding.row),
        differs=finding.row.today is not None,
    )


def _rule_cell(rule: Rule) -> Cell:
    row: Row = rule.row
    return Cell(
        href=f"#{row.anchor}",
        shape=row.badge.shape,
        title=row.title,
        status=f"Applies: {_lowered(_brief(row))}" if rule.applies else _brief(row),
        differs=row.today is not None,
    )


def _brief(row: Row) -> str:
    """`Suspended, ends today (9 Nov 2026 in Washington)`."""
    return row.badge.brief + _of_day(row)


def _of_day(row: Row) -> str:
    return "" if row.own_day is None else f" ({row.own_day.brief})"


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
