"""Small real parties to make trials of."""

from collections.abc import Sequence

from abeyance_screening.bench.parties import Party, PrintedName, join_entities
from abeyance_screening.bench.trials import Joined
from abeyance_screening.engine.lists.listing import EntityType


def party(
    id_: str,
    *names: str,
    numbers: Sequence[str] = (),
    entity_type: EntityType | None = "organisation",
) -> Party:
    """Return a party of the list that is named before the first dash of its id."""
    kinds = ("primary", *["alias"] * (len(names) - 1))
    printed = tuple(
        PrintedName(name, "primary" if kind == "primary" else "alias")
        for name, kind in zip(names, kinds, strict=True)
    )
    return Party(id_, id_.partition("-")[0], entity_type, printed, frozenset(numbers))


ROSTEC = party("ofac-1", "Rostec", "Russian Technologies State Corporation", "Ростех", "Rostekh")
HUAWEI = party("bis-1", "Huawei Technologies Co., Ltd.", "Shenzhen Huawei Technologies", "Huawei")
HIKVISION = party(
    "bis-2", "Hikvision", "Hangzhou Hikvision Digital Technology Co., Ltd.", "海康威视"
)
KUNLUN = party("ofac-2", "Bank of Kunlun Co Ltd", "Karamay City Commercial Bank Co Ltd.")
HUAWEI_UK = party("uk-1", "Huawei", "Huawei Tech")
LISTED = (ROSTEC, HUAWEI, HIKVISION, KUNLUN)


def joined(*parties: Party, asked: Sequence[EntityType] = ("organisation",)) -> Joined:
    return Joined(parties, join_entities(parties), frozenset(asked))
