"""The bodies that Japan lets nobody export to: in Russia, Belarus and third countries.

Source: https://www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia/russia.html
"""

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.model.listing import Address, Listing, Name
from service.parse.countries import country_code
from service.parse.files import Format, GivenFile
from service.parse.jp_meti_ru.items import BANS, LIST_CODE, BanText, Item, is_ban, read_ban
from service.parse.jp_meti_ru.names import read_names
from service.parse.listing_ids import give_ids, key_of_name
from service.parse.pdf_text import is_pdf, pdf_text
from service.parse.printed_names import collect_names
from service.parse.texts import read_text

__all__ = ["FORMATS", "LIST_CODE", "read_lists"]

_HOME = "https://www.meti.go.jp/policy/external_economy/trade_control/"
SOURCE_URL = f"{_HOME}02_export/17_russia/russia.html"
INFORMATION_URL = f"{_HOME}01_seido/04_seisai/crimea.html"


def read_lists(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """All three lists as one edition, published on the day of the newest of them.

    One without the others is no edition: it would say that the bodies of the others are off the
    list. The numbers of the items do not last, so ids are made of the English name. The lists
    print no day of designation for a single body. A text cut exactly between two items cannot be
    told from a whole one; every other cut is refused.

    Raises:
        ListRefusedError: a list is missing or there twice, or a file is none of the three.
        RowRefusedError: an item cannot be read; its place is `Russia, No. 97`.
    """
    bans = [read_ban(_text(file)) for file in files]
    for ban in BANS:
        count = sum(each.ban == ban for each in bans)
        if count != 1:
            fault = "is missing; all three make an edition" if count == 0 else "is there twice"
            raise ListRefusedError(LIST_CODE, f"the list of {ban.name} {fault}")
    ordered = sorted(bans, key=lambda each: BANS.index(each.ban))
    listings = [_listing(each, item) for each in ordered for item in each.items]
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=max(each.updated_on for each in bans),
        listings=give_ids(
            LIST_CODE, [(key_of_name(each.primary_name), each) for each in listings]
        ),
    )
    return (edition,)


def _text(file: GivenFile) -> str:
    if is_pdf(file.content):
        return f"{pdf_text(file.content)}\n\f"
    return read_text(LIST_CODE, file.content)


def _listing(text: BanText, item: Item) -> Listing:
    """The listing, with an empty id that its whole list is needed for."""
    names = read_names(item)
    addresses = tuple(_address(printed) for printed in _addresses(item))
    codes = [text.ban.country, *(address.country for address in addresses)]
    others = (Name(text=each, kind="alias") for each in (names.japanese, *names.others))
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(names.english, others),
        entity_type="organisation",
        entry_id=str(item.number),
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        programmes=(text.ban.programme,),
        citations=(text.notice,),
        remarks=names.remark,
        source_url=SOURCE_URL,
        information_url=INFORMATION_URL,
    )


def _addresses(item: Item) -> list[str]:
    """`A, Moscow, Russia; and B, Omsk, Russia.` → each address by itself."""
    text = ""
    for line in item.address:
        text += line if text.endswith("-") else f" {line}"
    parts = (part.strip() for part in text.split(";"))
    return [bare for part in parts if (bare := part.removeprefix("and ").strip(" .,"))]


def _address(text: str) -> Address:
    """The address; its country is the last word of it, or stands before the postal code.

    `Hong Kong, China` is Hong Kong, which has a code of its own.
    """
    last = (part.strip(" .0123456789") for part in reversed(text.split(",")[-2:]))
    codes = [code for part in last if part and (code := country_code(part)) is not None]
    return Address(text=text, country="HK" if "HK" in codes else next(iter(codes), None))


def _may_be_list(file: GivenFile) -> bool:
    return is_pdf(file.content) or is_ban(file.head)


FORMATS = (
    Format(
        word="jp_meti_ru_pdf",
        source=LIST_CODE,
        title="list_russia_tokutei.pdf, list_belarus_tokutei.pdf and list_daisangoku_tokutei.pdf",
        tells=_may_be_list,
        read=read_lists,
        several=True,
    ),
)
"""What METI publishes, as PDF files or as the text in them; all three together."""
