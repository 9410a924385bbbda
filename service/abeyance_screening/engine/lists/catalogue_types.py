"""The types of the catalogue's rows: a source, and a list that sources carry."""

import msgspec

# A list that loses more than this share of its entries from one edition to the next was more
# likely truncated than changed. One list once went from 686 entries to 515 and back by mistake, a
# loss of 25 %; the genuine losses known from one day to the next stay under 10 %.
LARGEST_PLAUSIBLE_LOSS = 0.24
# The licence of all that the US government publishes (17 U.S.C. 105).
US_WORK = "Work of the US government, public domain"


class FileLink(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose address changes, and how its link is recognised on the publisher's page.

    `page` is the address of the page: HTML, or JSON whose texts are addresses or HTML. `address`
    and `text` are regular expressions, searched in the address of a link and in the words that it
    is printed with; the last edition's link must match both. The groups `year`, `month` and `day`
    of `address` say of which day a file is, and the newest is taken. Where the addresses name no
    day, `position` is the position of the link among those that match, from 1; None means that
    there must be exactly one. `hosts` are the only servers, sub-domains included, that the page
    and the link may lead to. `base` is what relative links are relative to, None for the page.
    """

    page: str
    hosts: tuple[str, ...]
    address: str
    text: str = ""
    position: int | None = None
    base: str | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One way to get an edition: the addresses of its files, or the links to them on a page.

    `what` names the way in words where a source has several: "CONSOLIDATED.XML".
    """

    files: tuple[str | FileLink, ...]
    what: str = ""


class ListSource(msgspec.Struct, frozen=True, kw_only=True):
    """One publication, from which editions of one or more lists are read.

    `place` is the position among all sources, lowest first. `urls` are the publisher's download
    addresses, whose files together make one edition. `links` take their place where the address
    changes from edition to edition. Without either, files are loaded by hand. `fallbacks` are
    further ways to the same list, in order of preference: another address, or another format.
    Each is tried when the one before is out of reach or refused. `formats` are the titles of the
    formats that can be read. `cadence` says in words how often the publisher renews it;
    `every_hours` is how often a refresh looks for a new edition. `licence` names the publisher's
    terms, `attribution` the credit that they ask for. `tried_on` names the files that the reader
    was tested on: official files or, where none were available, files rebuilt from real entries.
    `successor` is the source to load instead of one that is closed, of which no file is read.
    `marks` are words of its files, and of the pages that their links are on, by which they are
    known beside the titles: headings and columns, as the publisher prints them.
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
    links: tuple[FileLink, ...] = ()
    fallbacks: tuple[Offer, ...] = ()
    marks: tuple[str, ...] = ()
    successor: str | None = None

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every way to get an edition, the preferred one first; empty for "by hand"."""
        first = (*self.urls, *self.links)
        return (*((Offer(files=first),) if first else ()), *self.fallbacks)


class KnownList(msgspec.Struct, frozen=True, kw_only=True):
    """One list, and the codes of the sources that carry it, its authority's own first.

    `place` is the position among all lists in an answer, lowest first. An edition that its
    publisher was last known to offer more than `max_age_days` ago is too old to rest a "nothing
    found" on. `may_be_empty` marks a list that its authority has emptied: an edition without
    entries is no fault. `only_if_loaded` marks a list that is searched only once somebody has
    loaded it, because it is closed or its editions must be fetched by hand. A new edition that
    loses more than the share `largest_loss` of the entries, or lacks any of the `canaries`, is
    refused; a canary is a name that has been on the list for years, compared without case.
    `asked_with` names lists whose parties may be kept on this one instead: whenever one of those
    is searched or loaded, so is this list. `of_register` marks the list of the register of
    measures itself: nobody publishes it, its editions come with the program, and it is as old as
    the register.
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
    of_register: bool = False
