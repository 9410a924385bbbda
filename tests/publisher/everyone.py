"""All publishers at once: every source that a refresh asks, with a file of it to give.

Files are real where one comes with the program or is at hand as an excerpt; the pages that no
fixture has are made up here, in the publisher's form, and named so.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE, SOURCES
from tests.publisher import Publisher

FIXTURES = Path(__file__).parents[1] / "fixtures"
ASKED = tuple(each.code for each in SOURCES if each.offers)
"""Codes of the sources that a refresh asks."""
_METI = "/www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia"
_DDTC = "/www.pmddtc.state.gov/sys_attachment.do?sys_id="

# Made up: pages of which nothing but the address of the file counts.
_PAGE = (
    '<!DOCTYPE html><html><title>{0}</title><body><h1>{0}</h1><a href="{1}">{0}</a></body></html>'
)
CBP_FILE = "/www.cbp.gov/sites/default/files/withhold-release-orders-findings-{0:%Y-%m-%d}.csv"
CZ_FILE = "/mzv.gov.cz/file/1/sankcni_seznam_{0:%Y_%m_%d}.csv"
MOF_FILE = "/www.mof.go.jp/policy/international_policy/shisantouketsu{0:%Y%m%d}.xlsx"

# Sources of which an excerpt is at hand, by the way that a refresh tries first.
_EXCERPTS: Mapping[str, str] = MappingProxyType(
    {
        "us_state_crl": "us_state_crl/2025-07-14_cuba-restricted-list.html",
        "fr_gels": "fr_gels/registre.json",
        "be_finance": "be_finance/consolidated-list.csv",
        "pl_mswia": "pl_mswia/lista.html",
        "ch_seco": "ch_seco/whole_list_2026.xml",
        "ca_nro": "ca_nro/named-research-organizations.html",
        "nz_russia": "nz_russia/Russia-Sanctions-Register.xlsx",
        "tw_shtc": "tw_shtc/SHTCEntityList.csv",
        "us_bis_el": "us_bis_el/title15.xml",
    }
)


def serve_everyone(publisher: Publisher, on: date) -> None:
    """Give every publisher its newest file; the made-up pages name one of the day `on`."""
    for path, content in _files(on):
        publisher.serve(path, content)


def path_of(url: str) -> str:
    """Return where a mirror has the file of an address."""
    return f"/{url.split('://', 1)[1]}"


def paths_of(code: str) -> tuple[str, ...]:
    """Return every path that a refresh may ask for a source, those of its pages too."""
    files = (file for offer in SOURCE_BY_CODE[code].offers for file in offer.files)
    return tuple(path_of(each if isinstance(each, str) else each.page) for each in files)


def _files(on: date) -> Iterator[tuple[str, bytes]]:
    for source, excerpt in _EXCERPTS.items():
        yield paths_of(source)[0], (FIXTURES / excerpt).read_bytes()
    yield paths_of("eu_fsf")[0], _with_well_known_names()
    yield from _of_the_program()
    yield from _on_pages(on)


def _with_well_known_names() -> bytes:
    """Return the excerpt of the EU's list with two names in it that every edition has had."""
    text = (FIXTURES / "eu_fsf" / "export_2022.xml").read_text("utf-8")
    for old, new in (
        ("Abou Ali", "Al-Qaida"),
        ("Habibullah Reshad", "Korea Mining Development Trading Corporation"),
    ):
        assert f'wholeName="{old}"' in text
        text = text.replace(f'wholeName="{old}"', f'wholeName="{new}"')
    return text.encode()


def _of_the_program() -> Iterator[tuple[str, bytes]]:
    for source in ("us_csl", "us_uflpa", "us_fcc", "un_sc", "ca_sema", "au_dfat", "uk_sl"):
        contents = _bundled(source)
        csv = source == "uk_sl"
        paths = [each for each in paths_of(source) if not csv or each.endswith(".csv")]
        yield paths[0], contents[0]


def _bundled(source: str) -> list[bytes]:
    *_, newest = (each for each in bundled_editions() if each.source == source)
    return [each.content for each in read_bundled(newest)]


def _on_pages(on: date) -> Iterator[tuple[str, bytes]]:
    pages = FIXTURES / "pages"
    yield paths_of("us_bis_dpl")[0], (pages / "bis_dpl.html").read_bytes()
    dpl = "/media.bis.gov/sites/default/files/dpl_04142026.csv"
    yield dpl, (FIXTURES / "us_bis_dpl" / "dpl_2026-04-14.csv").read_bytes()
    yield paths_of("jp_meti_eul")[0], (pages / "meti_law00.html").read_bytes()
    yield "/www.meti.go.jp/policy/anpo/20250929_4.xlsx", _bundled("jp_meti_eul")[0]
    yield paths_of("jp_meti_ru")[0], (pages / "meti_russia.html").read_bytes()
    names = ("250912_list_russia", "250912_list_daisangoku", "list_belarus")
    for name, content in zip(names, _bundled("jp_meti_ru"), strict=True):
        yield f"{_METI}/{name}_tokutei.pdf", content
    yield from _ddtc(pages)
    yield from _notice(pages)
    yield from _made_up("us_cbp_wro", CBP_FILE.format(on), _cbp())
    yield from _made_up(
        "cz_mzv", CZ_FILE.format(on), (FIXTURES / "cz_mzv/seznam.csv").read_bytes()
    )
    yield from _made_up("jp_mof", MOF_FILE.format(on), _bundled("jp_mof")[0])


def _ddtc(pages: Path) -> Iterator[tuple[str, bytes]]:
    yield paths_of("us_ddtc")[0], (pages / "ddtc_article.json").read_bytes()
    for number, name in (
        ("15370fe2977ba21067b1791ad053af0d", "statutory_2026-06-18.csv"),
        ("d78bbc2f1b8f29d0c6c3866ae54bcbd7", "administrative_2026-06-18.csv"),
    ):
        yield f"{_DDTC}{number}", (FIXTURES / "us_ddtc" / name).read_bytes()


def _notice(pages: Path) -> Iterator[tuple[str, bytes]]:
    answer = (pages / "federal_register_1260h.json").read_bytes()
    yield paths_of("us_dod_1260h")[0], answer
    text = (FIXTURES / "us_dod_1260h" / "2026-06-10_notice.txt").read_text()
    wrapped = text.replace("&", "&amp;")
    found = re.search(rb'"raw_text_url": ?"https:/([^"]*2026/06/10[^"]*)"', answer)
    assert found is not None
    head = "<html>\n<head><title>Federal Register</title></head>\n<body><pre>\n"
    yield found[1].decode(), f"{head}{wrapped}</pre></body></html>\n".encode()


def _cbp() -> bytes:
    return (FIXTURES / "us_cbp_wro" / "withhold-release-orders-findings.csv").read_bytes()


def _made_up(source: str, file: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    title = SOURCE_BY_CODE[source].title
    yield paths_of(source)[0], _PAGE.format(title, f"https:/{file}").encode()
    yield file, content
