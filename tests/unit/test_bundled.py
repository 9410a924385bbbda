"""The bundled editions that are a publisher's own file, read as they come."""

from datetime import date

import pytest

from abeyance_screening.bench.reading import read_parties
from abeyance_screening.engine.lists.bundled import BundledEdition, bundled_editions, read_bundled

EDITIONS = {edition.source: edition for edition in bundled_editions()}


def _names(edition: BundledEdition) -> list[set[str]]:
    """The names of each entry."""
    parties = read_parties(read_bundled(edition), edition.source)
    return [{name.text for name in party.names} for party in parties]


@pytest.mark.parametrize(
    ("source", "day", "entries", "names"),
    [
        pytest.param("un_sc", date(2026, 8, 1), 1011, {"TWIRWANEHO", "AVAX"}, id="UN"),
        pytest.param(
            "jp_meti_eul",
            date(2025, 9, 29),
            835,
            {
                "ASE CO.",
                "Mohandesi Tarh Va Toseh Maro Sanat Company",
                "PKGB",
                "Sichuan Solid Circuit Research Institute",
                "中国航天科工集団公司第三研究院三十五研究所",
            },
            id="METI: names that a copy of it had lost",
        ),
        pytest.param(
            "jp_mof",
            date(2026, 3, 5),
            2862,
            {
                "JSC TsKB MT Rubin",
                "ルビン設計局",
                "محمد عمرغلام نبی",
                "Рустам Магомедович Асельдеров",
                "金铁三",
            },
            id="MOF: every script",
        ),
        pytest.param(
            "jp_meti_ru",
            date(2025, 9, 12),
            644,
            {
                "Russian Federal Nuclear Center – All Russian Research Institute of Experimental Physics"  # noqa: E501, RUF001 - as printed
            },
            id="METI: a name over the end of a page",
        ),
        pytest.param(
            "eu_annexes_833",
            date(2023, 4, 27),
            506,
            {
                "Admiralty Shipyard JSC",
                "SIBFIRE",
                "Shahed Aviation Industries",
                "Skolkovo Foundation",
            },
            id="EU, Annex IV: the names of April 2023",
        ),
        pytest.param(
            "eu_annexes_765",
            date(2022, 6, 4),
            25,
            {"KGB Alpha", "Volatavto OJSC"},
            id="EU, Annex V: as it was replaced",
        ),
    ],
)
def test_a_publishers_own_file_is_bundled_whole(
    source: str, day: date, entries: int, names: set[str]
):
    edition = EDITIONS[source]
    found = _names(edition)
    assert edition.published_on == day
    assert len(found) == entries
    assert names <= set[str]().union(*found)
