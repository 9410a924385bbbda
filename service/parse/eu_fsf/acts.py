"""The legal acts that an entry of the EU list names."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import Fact
from service.parse.days import read_day
from service.parse.elements import ElementRow
from service.parse.rows import filled

# `Date of listing: 26.7.2010`, `Date of designation 12/04/2011.`, `Date of UN designation:
# 9.7.2012`, `Date of listing: 2012-02-27`: the day first, or the year.
_LISTED = re.compile(
    r"\bdate of (?:UN )?(?:listing|designation) ?:? ?"
    r"(?:(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2}))\b",
    re.IGNORECASE,
)


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """The act an entry stands under: `number` is as printed, `2019/555 (OJ L97)`."""

    programme: str
    number: str
    kind: str
    body: str | None
    published_on: date | None
    in_force_on: date | None
    urls: tuple[str, ...]

    @property
    def fact(self) -> Fact:
        """The act in words, with both its days: the entry's own day may be another."""
        days = (
            None if self.published_on is None else f"published {self.published_on}",
            None if self.in_force_on is None else f"in force {self.in_force_on}",
        )
        by = None if self.body is None else f"of the {self.body}"
        what = " ".join(filter(None, (self.number, self.kind, by)))
        return Fact(kind="regulation", value=", ".join(filter(None, (what, *days))))


class Source(msgspec.Struct, frozen=True):
    """An act that brought in a detail, and the day of its Official Journal."""

    number: str | None
    published_on: date | None


def read_acts(row: ElementRow) -> tuple[Act, ...]:
    """The acts under which the entry stands today, in printed order; at least one.

    Raises:
        RowRefusedError: there is none, or one without programme, number or kind.
    """
    acts = tuple(_act(part) for part in row.rows("regulation"))
    if not acts:
        raise RowRefusedError(row.where, "'regulation' is missing")
    return acts


def read_sources(row: ElementRow) -> tuple[Source, ...]:
    """The acts that brought in one detail of an entry: a name, an address."""
    return tuple(_source(part) for part in row.rows("regulationSummary"))


def listing_day(
    acts: Sequence[Act], sources: Sequence[Source], printed: date | None, remarks: Sequence[str]
) -> date | None:
    """The first day on which anything in the entry shows it to have been listed, else None.

    Told are the `designationDate`, the days of listing in remarks, and the day of the act where
    that is the one the programme began with (`regulation`). The Commission moves the
    `designationDate` along when it amends an entry, so a name that was published in the Official
    Journal before it tells better. Alone such names tell nothing: an `amendment` may have
    changed one letter of an entry twenty years old.
    """
    told = [day for remark in remarks for day in _days_told(remark)]
    told += [] if printed is None else [printed]
    if all(act.kind == "regulation" for act in acts):
        told += [act.in_force_on for act in acts if act.in_force_on is not None]
    if not told:
        return None
    return min(*told, *(day for day in (each.published_on for each in sources) if day), date.max)


def _days_told(remark: str) -> Iterator[date]:
    for match in _LISTED.finditer(remark):
        try:
            if match["iso"] is not None:
                yield date.fromisoformat(match["iso"])
            else:
                yield date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:  # no calendar has it: a slip in a remark, which stands as a remark
            continue


def _act(row: ElementRow) -> Act:
    programme, number = row.take_attribute("programme"), row.take_attribute("numberTitle")
    kind, body = row.take_attribute("regulationType"), row.attribute("organisationType")
    published_on = read_day(row.where, "publicationDate", row.attribute("publicationDate"))
    in_force_on = read_day(row.where, "entryIntoForceDate", row.attribute("entryIntoForceDate"))
    urls = filled(row.texts("publicationUrl"))
    row.close("logicalId", "regulationLanguage")
    return Act(
        programme=programme,
        number=number,
        kind=kind,
        body=body,
        published_on=published_on,
        in_force_on=in_force_on,
        urls=urls,
    )


def _source(row: ElementRow) -> Source:
    published = row.attribute("publicationDate")
    source = Source(
        row.attribute("numberTitle"), read_day(row.where, "publicationDate", published)
    )
    # The Journal's page is found by the number, which names it.
    row.close("regulationType", "publicationUrl")
    return source
