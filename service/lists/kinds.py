"""What a row of the catalogue says."""

import msgspec

# A list that lost more than this share of its entries from one edition to the next is more likely
# cut than changed. By mistake one once went 686, 515, 686, a loss of 25 %; true losses of a day
# that are known stay under 10 %.
LARGEST_PLAUSIBLE_LOSS = 0.24
# The terms of whatever the US government publishes (17 U.S.C. 105).
US_WORK = "Work of the US government, public domain"


class ListSource(msgspec.Struct, frozen=True, kw_only=True):
    """One publication, from which editions of one or more lists are read.

    `urls` are the publisher's download addresses, all of which make one edition; none where the
    publisher has no lasting address, so that its files are loaded by hand. `formats` are the
    titles of what can be read, `every_hours` how often a refresh looks for a new edition.
    `licence` are the publisher's terms, `attribution` what they ask to be said. `tried_on` tells
    what the reader was tried on: official files, or files remade from real entries where none was
    to be had. `place` says where it stands among all sources, lowest first.
    """

    place: int
    code: str
    title: str
    publisher: str
    urls: tuple[str, ...]
    home_url: str
    formats: tuple[str, ...]
    cadence: str
    every_hours: int
    licence: str
    attribution: str
    tried_on: str


class KnownList(msgspec.Struct, frozen=True, kw_only=True):
    """One list, and the sources that carry it, its authority's own first.

    An edition that its publisher was last known to offer more than `max_age_days` ago is too old
    to rest a "nothing found" on. `may_be_empty` marks a list that its authority has emptied: no
    entry there is no fault. `only_if_loaded` marks one that answers do without until somebody
    has loaded it: it is closed, or no edition can be had without a person. A new edition that
    lost more than the share `largest_loss`, or has none of the `canaries`, is refused; a canary
    is a name that has stood on the list for years, compared without case. `asked_with` names
    lists any of whose parties may be kept here: to search or load one of those is to search or
    load this one too. `place` says where it stands among all lists in an answer, lowest first.
    """

    place: int
    code: str
    title: str
    authority: str
    jurisdiction: str
    sources: tuple[str, ...]
    max_age_days: int
    home_url: str
    may_be_empty: bool = False
    only_if_loaded: bool = False
    largest_loss: float = LARGEST_PLAUSIBLE_LOSS
    canaries: tuple[str, ...] = ()
    asked_with: tuple[str, ...] = ()
