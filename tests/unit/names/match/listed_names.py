"""Real listed names that the tests of matching share, as an index."""

from abeyance_screening.engine.lists.listing import NameKind
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match_types import IndexedName

# (list number, listing, kind, name): US lists of 2026-07-31 (0), UN list of 2026-02 (1).
ROWS: tuple[tuple[int, int, NameKind, str], ...] = (
    (0, 0, "primary", "Guangzhou Haige Communication Group Co., Ltd."),
    (0, 0, "alias", "Haige Communications"),
    (0, 1, "primary", "LUKOIL OIL COMPANY"),
    (0, 1, "alias", "NK LUKOIL OAO"),
    (0, 2, "primary", "NPK FOTONIKA LIMITED LIABILITY COMPANY"),
    (0, 3, "primary", "HUAWEI TECHNOLOGIES CO., LTD."),
    (0, 4, "primary", "Semiconductor Manufacturing International Corporation"),
    (0, 4, "alias", "SMIC"),
    (0, 5, "primary", "Hangzhou Hikvision Digital Technology Co., Ltd."),
    (0, 5, "alias", "Hikvision"),
    (0, 6, "primary", "ROSOBORONEKSPORT OAO"),
    (0, 6, "alias", "Rosoboronexport OJSC (ROE)"),
    (0, 7, "primary", "BANK MELLI IRAN"),
    (0, 7, "alias", "BANK MELLI"),
    (0, 8, "primary", "AO Kaspersky Lab"),
    (0, 8, "alias", "Kaspersky"),
    (0, 9, "primary", "ZTE Parsian"),
    (0, 10, "primary", "SZ DJI Technology Co., Ltd."),
    (0, 10, "alias", "DJI"),
    (0, 11, "primary", "11420 CORP."),
    (0, 12, "primary", "AERO-CARIBBEAN"),
    (0, 13, "primary", "FY International Trading Company"),
    (0, 14, "primary", "JSC 558 Aircraft Repair Plant"),
    (0, 15, "primary", "Joint Stock Company Concern Kalashnikov"),
    (0, 16, "primary", "Eritrean Navy"),
    (1, 17, "primary", "ERIC BADEGE"),
    (1, 18, "primary", "FRANK KAKOLELE BWAMBALE"),
    (1, 18, "weak_alias", "AIGLE BLANC"),
    (1, 19, "primary", "AL-QAIDA"),
    (1, 19, "alias", "华为技术有限公司"),
)
NAMES = tuple(
    IndexedName(listing, list_no, kind, normalise(name)) for list_no, listing, kind, name in ROWS
)
INDEX = NameIndex.build(NAMES)
