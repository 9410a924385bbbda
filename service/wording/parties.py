"""Why listings are one party, in words."""

from collections.abc import Mapping

from service.screening.answer import LinkKind, PartyLink
from service.wording.titles import list_title

_WORDS: Mapping[LinkKind, str] = {
    "entered_twice": "one list has entered it twice: {}",
    "reference": "they share a publisher's own reference: {}",
    "number": "they print one number: {}",
    "name_and_birth": "they print one name and birth: {}",
    "name_and_address": "they print one name and address: {}",
    "name_and_country": "they print one name, in one country: {}",
    "names": "they print several of the same names: {}",
    "name": "they print one name, which is rare: {}",
}


def link_in_words(link: PartyLink) -> str:
    """Write why two listings are one party: `SDN List, UK Sanctions List: they print one …`."""
    lists = dict.fromkeys(list_title(each.partition("-")[0]) for each in (link.one, link.other))
    return f"{', '.join(lists)}: {_WORDS[link.kind].format(link.met)}"
