from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.jp_meti_ru.reader import FORMATS, read_lists
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.texts import narrow
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

type Sample = Callable[[str], bytes]
NAMES = ("list_belarus_tokutei", "list_daisangoku_tokutei", "list_russia_tokutei")


@pytest.fixture(scope="session")
def files(sample: Sample) -> tuple[GivenFile, ...]:
    return tuple(GivenFile(name, sample(f"jp_meti_ru/{name}.txt")) for name in NAMES)


@pytest.fixture(scope="session")
def listings(files: tuple[GivenFile, ...]) -> dict[str, Listing]:
    (edition,) = read_lists(files)
    return {listing.primary_name: listing for listing in edition.listings}


def changed(files: tuple[GivenFile, ...], old: str, new: str) -> tuple[GivenFile, ...]:
    """The files, the first place of a text in the Russian one changed."""
    *others, russia = files
    text = narrow(russia.content.decode())
    assert old in text
    return (*others, GivenFile(russia.name, text.replace(old, new, 1).encode()))


def others_of(listing: Listing) -> list[str]:
    return [name.text for name in listing.names[1:]]


def test_three_files_in_any_order_are_one_edition(files: tuple[GivenFile, ...]):
    editions = {read_lists(order) for order in (files, files[::-1])}
    ((edition,),) = editions
    assert (edition.list_code, edition.published_on) == ("jp_meti_ru", date(2025, 9, 12))
    assert len({listing.id for listing in edition.listings}) == 5 + 9 + 11


def test_pdf_files_are_read_as_their_text_is(files: tuple[GivenFile, ...]):
    pages = [narrow(file.content.decode()).split("\n") for file in files]
    pdfs = tuple(
        GivenFile("x", pdf_file((*lines[:12], "- 1 -"), (*lines[12:], "- 2 -"))) for lines in pages
    )
    assert read_lists(pdfs) == read_lists(files)


def test_a_listing_says_everything_that_is_printed(listings: dict[str, Listing]):
    listing = listings["JSC Integral"]
    assert listing.entry_id == "2"
    assert listing.programmes == ("list_belarus_tokutei",)
    assert listing.citations == ("令和四年外務省告示第百四号",)
    assert listing.countries == ("BY",)
    assert listing.entity_type == "organisation"
    assert [address.text for address in listing.addresses] == [
        "121A, Kazintsa I.P. Str., Minsk, 220108, Belarus",
        "12 Korzhenevskogo Str., Minsk, 220108, Belarus",
        "137 Brestskaya Str., Pinsk, Brest region, 225710, Belarus",
    ]
    assert others_of(listing) == [
        "株式会社インテグラル",
        "OAOインテグラル",
        "株式会社インテグラル=ホールディング・マネージング",
        "OAO Integral",
        "Joint-Stock Company Integral-Holding Managing Company",
    ]


@pytest.mark.parametrize(
    ("primary", "others"),
    [
        pytest.param(
            "Agu Information Technology Co Limited",
            [
                "アグ･インフォメーション･テクノロジー有限会社",
                "メイクウェル･インダストリアル･トレーディング有限会社",
                "麥克維爾工業貿易有限公司",
                "啊咕信息技術有限公司",
                "Makewell Industrial Trading Co., Limited",
            ],
            id="third countries 17: English in the line of the Japanese name, Chinese in brackets",
        ),
        pytest.param(
            "Most Development Limited",
            [
                "モースト･ディベロップメント有限会社",
                "モースト･ディベロップメント",
                "莫斯特發展有限公司",
                "Most Development",
                "Most Development Ltd.",
            ],
            id="third countries 28: without a.k.a.",
        ),
        pytest.param(
            "Bee Insaat Mimarlik Anonim Sirketi",
            [
                "ビー･インシャート･ミーマルルック株式会社",
                "ビー･インシャート",
                "Bee Insaat Mimarlik AS",
                "Bee İnșaat Mimarlik Anonim Șirketi",
                "Bee Insaat",
                "Bee İnșaat Mimarlik A.Ș.",
            ],
            id="third countries 39: a bullet without a semicolon before it",
        ),
        pytest.param(
            "Megasan Elektronik Ticaret Ve Sanayi Anonim Sirketi",
            [
                "メガサン･エレクトロニック･ティジャーレット･ヴェ･サナーイ株式会社",
                "メガサン",
                "Megasan Elektronik Ticaret Ve Sanayi Anonim Șirketi",
                "Megasan",
            ],
            id="third countries 44: a line of brackets alone",
        ),
        pytest.param(
            "Ele Technology Co LTD",
            [
                "エレ・テクノロジー・カンパニー・リミテッド",
                "深圳市易络电子有限公司",
                "イーエルイー・テクノロジー・コーポレーション・リミテッド",
                "ELE Technology CO LTD",
            ],
            id="third countries 48: the layout of 2025",
        ),
        pytest.param(
            "Hong Kong Qisu Electronic Technology Co Ltd",
            [
                "ホンコン・チースー・エレクトロニック・テクノロジー・カンパニー・リミテッド",
                "香港旗速電子有限公司",
                "香港旗速電子科技有限公司",
            ],
            id="third countries 53: two Chinese names behind English in a Japanese line",
        ),
        pytest.param(
            "JSC Rocket and Space Centre – Progress",  # noqa: RUF001 - as printed
            ["株式会社ロケット・宇宙センター「プログレス」"],
            id="Russia 18: English right behind a closing quote",
        ),
        pytest.param(
            "AGAT – Control Systems – Managing Company of Geoinformation Control Systems Holding JSC",  # noqa: E501, RUF001 - as printed
            [
                "株式会社アガト管制システム・地理情報管理システムホールディング運営社",
                "アガト管制システム",
                "AGAT – Control Systems",  # noqa: RUF001 - as printed
            ],
            id="Belarus 6: lines that end in the middle of a word",
        ),
        pytest.param(
            "Institute of Solid-State Physics of the Russian Academy of Sciences",
            [
                "ロシア科学アカデミー固体物理学研究所",
                "ISSP",
                "科学アカデミーSSSR固体物理学研究所",
                "連邦国家予算機関ロシア科学アカデミーYu.A.オシピャン名称固体物理学研究所",
                "Institute of Solid-State Physics of the Academy of Sciences SSSR",
                "Federal State Budgetary Institution of Science Institute of Solid -State Physics N.A. Yu. A. Osipyan of the Russian Academy of Sciences",  # noqa: E501 - as printed
            ],
            id="Russia 346: a hyphen at the start of a line is no bullet",
        ),
        pytest.param(
            "Alfa Machinery Group",
            [
                "アルファ・マシナリー・グループ",
                "AMG社",
                "有限会社AMG",
                "LLC Company AMG",
                "Kompaniya AMG",
            ],
            id="Russia 560: Japanese and English names parted by semicolons",
        ),
    ],
)
def test_every_printed_name_stands_for_itself(
    listings: dict[str, Listing], primary: str, others: list[str]
):
    assert others_of(listings[primary]) == others


def test_a_name_that_goes_on_in_prose_ends_before_it(listings: dict[str, Listing]):
    listing = listings["The Ministry of Defence of the Republic of Belarus"]
    assert others_of(listing) == ["国防省"]
    assert listing.remarks is not None
    assert "警察、諜報及び偵察機関" in listing.remarks
    assert listing.remarks.endswith("reconnaissance organizations of the Republic of Belarus")


def test_a_body_printed_twice_is_two_listings(files: tuple[GivenFile, ...]):
    (edition,) = read_lists(files)
    twice = [each for each in edition.listings if each.primary_name == "I JET GLOBAL DMCC"]
    assert {each.id.removeprefix(twice[0].id[:23]) for each in twice} == {"", "-2"}


@pytest.mark.parametrize(
    ("primary", "country"),
    [
        pytest.param("Ele Technology Co LTD", "CN", id="China"),
        pytest.param("Hong Kong Qisu Electronic Technology Co Ltd", "HK", id="Hong Kong, China"),
        pytest.param("Foreign Intelligence Service (SVR)", None, id="no country is printed"),
        pytest.param("Rybinsk Shipyard Engineering", "RU", id="before a postal code"),
    ],
)
def test_an_address_tells_its_country_by_its_last_words(
    listings: dict[str, Listing], primary: str, country: str | None
):
    assert listings[primary].addresses[-1].country == country


def test_all_bodies_of_a_list_belong_to_the_country_of_its_title(listings: dict[str, Listing]):
    russian = [each for each in listings.values() if each.programmes == ("list_russia_tokutei",)]
    assert {listing.countries[0] for listing in russian} == {"RU"}


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        pytest.param((0, 1), "the list of Russia is missing; all three are", id="one missing"),
        pytest.param((0, 1, 2, 2), "the list of Russia is given twice", id="one twice"),
    ],
)
def test_a_set_that_is_not_all_three_is_refused(
    files: tuple[GivenFile, ...], chosen: tuple[int, ...], reason: str
):
    with pytest.raises(ListRefusedError, match=f"^jp_meti_ru: {reason}"):
        read_lists(tuple(files[place] for place in chosen))


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        pytest.param("ロシア連邦", "某国", "jp_meti_ru", "the title of none", id="title"),
        pytest.param("最終更新日:", "", "jp_meti_ru", "prints no day", id="no day"),
        pytest.param("09 月12 日", "09 月31 日", "jp_meti_ru", "no calendar has", id="bad day"),
        pytest.param("告示第", "", "jp_meti_ru", "prints no notice", id="no notice"),
        pytest.param("\n3 ", "\n", "Russia, No. 2", "gap in the", id="a number is missing"),
        pytest.param("\n3 ", "\n4 ", "Russia, No. 3", "out of order", id="a number jumps"),
        pytest.param("所 在 地", "住所", "Russia, No. 5", "no address", id="no address"),
        pytest.param("LLC Vneshekostil", "", "Russia, No. 11", "no English name", id="no English"),
        pytest.param("\n1 ", "\n", "jp_meti_ru", "Russia has no items", id="no first item"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_at_its_place(
    files: tuple[GivenFile, ...], old: str, new: str, where: str, reason: str
):
    broken = changed(files, old, new)
    if where == "Russia, No. 11":
        broken = changed(broken, "OOO Vneshekostil", "")
    if reason == "Russia has no items":
        *others, russia = broken
        text = russia.content.decode().partition("Moscow 127055RU")[0]
        broken = (*others, GivenFile(russia.name, text.encode()))
    with pytest.raises((ListRefusedError, RowRefusedError), match=f"^{where}: .*{reason}"):
        read_lists(broken)


def test_an_item_without_its_address_is_kept_by_its_names(
    files: tuple[GivenFile, ...], listings: dict[str, Listing]
):
    broken = changed(files, "所 在 地", "住所")
    (edition,) = read_files("jp_meti_ru", broken, sources=("jp_meti_ru",)).parsed
    assert isinstance(edition, ParsedEdition)
    (unread,) = (listing for listing in edition.listings if listing.unread is not None)
    assert unread.unread is not None
    assert unread.unread.startswith("Russia, No. 5: no address")
    whole = listings[unread.primary_name]
    assert (unread.id, {*whole.names} - {*unread.names}) == (whole.id, set())
    assert len(edition.listings) == 25


def test_a_text_cut_within_an_item_is_refused_or_shorter_by_whole_items(
    files: tuple[GivenFile, ...],
):
    *others, russia = files
    (whole,) = read_lists(files)
    text = russia.content.decode()
    for end in range(0, len(text), 13):
        try:
            (cut,) = read_lists((*others, GivenFile("x", text[:end].encode())))
        except AbeyanceError:
            continue
        # the last address may be cut, which nothing tells
        known = {listing.id for listing in cut.listings[:-1]}
        assert known <= {listing.id for listing in whole.listings}


def test_the_format_tells_its_files_by_their_content(files: tuple[GivenFile, ...]):
    (known,) = FORMATS
    assert all(map(known.tells, files))
    assert known.tells(GivenFile("list", b"%PDF-1.7"))
    assert not known.tells(GivenFile("list_russia_tokutei.txt", b"name,country\n"))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(files: tuple[GivenFile, ...], data: st.DataObject):
    *others, russia = files
    content = bytearray(russia.content)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 1] = data.draw(st.binary(max_size=4))
    try:
        read_lists((*others, GivenFile("x", bytes(content))))
    except AbeyanceError:
        return
