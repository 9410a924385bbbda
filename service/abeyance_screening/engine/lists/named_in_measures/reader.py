"""Read the parties that measures name and no published list carries, gathered as JSON.

The file belongs to the register of measures: whoever adds a measure that names a party adds the
party here, and attaches the measure to one of its names.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import key_of_number, one_edition, refusal_of
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError
from abeyance_screening.primitives.faults import COUNTRY

LIST_CODE = "named_in_measures"
FORMAT_MARK = '"parties named in measures 1"'
MEASURE, OTHER_LIST = "measure", "list_not_loaded"
"""The kinds of the facts that name a measure, and a list of its authority that is not loaded."""

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
_Link = Annotated[str, msgspec.Meta(pattern="^https?://", max_length=2_000)]
_Country = Annotated[str, msgspec.Meta(pattern=COUNTRY)]


class NameInMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further name of a party, with its kind, and its language where it is not English."""

    text: _Text
    kind: NameKind = "alias"
    language: str | None = None


class NumberInSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of a party, with the address at which it was read."""

    kind: _Text
    value: _Text
    source_url: _Link


class NamedParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party, the measures that name it, and why it is here.

    `measures` are the ids of exactly the measures that attach to it. `since` is the first day on
    which one of them named it, in public or in effect, whichever came first. `why` is a sentence.
    `other_list` is the authority's own list that has the party, where there is one that cannot be
    loaded.
    """

    id: _Id
    name: _Text
    names: tuple[NameInMeasure, ...] = ()
    entity_type: EntityType
    country: _Country
    measures: Annotated[tuple[_Id, ...], msgspec.Meta(min_length=1)]
    since: date
    why: _Text
    source_url: _Link
    identifiers: tuple[NumberInSource, ...] = ()
    other_list: _Text | None = None


class NamedParties(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file; `parties_on` is the day on which it was last changed."""

    format: Literal["parties named in measures 1"]
    parties_on: date
    parties: Annotated[tuple[NamedParty, ...], msgspec.Meta(min_length=1)]


def parse_parties(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the file as the one edition that it is."""
    text = read_text(LIST_CODE, content)
    try:
        file = msgspec.json.decode(text, type=NamedParties)
    except msgspec.ValidationError as error:
        raise refusal_of(error, NamedParties) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(LIST_CODE, f"not readable as JSON: {error}") from None
    seen = set[str]()
    for party in file.parties:
        if party.id in seen:
            raise RowRefusedError(party.id, "the id is used twice")
        seen.add(party.id)
    keyed = [(key_of_number(party.id), _listing(party)) for party in file.parties]
    return one_edition(LIST_CODE, keyed, file.parties_on)


def _listing(party: NamedParty) -> Listing:
    names = [Name(text=each.text, kind=each.kind, language=each.language) for each in party.names]
    facts = [Fact(kind=MEASURE, value=each) for each in party.measures]
    if party.other_list is not None:
        facts.append(Fact(kind=OTHER_LIST, value=party.other_list))
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(party.name, names),
        entity_type=party.entity_type,
        countries=(party.country,),
        identifiers=tuple(
            Identifier(kind=each.kind, value=each.value, note=f"Read at {each.source_url}")
            for each in party.identifiers
        ),
        listed_on=party.since,
        remarks=party.why,
        facts=tuple(facts),
        source_url=party.source_url,
    )


FORMATS = (
    Format(
        word="named_in_measures_json",
        source=LIST_CODE,
        title="parties gathered as JSON",
        tells=lambda file: file.head.startswith("{") and FORMAT_MARK in file.head,
        read=one_file(parse_parties),
    ),
)
"""The one file that comes with the program."""
