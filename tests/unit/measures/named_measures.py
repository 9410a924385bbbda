"""A small register whose measures documents of the Federal Register name in every way there is."""

from datetime import date

import msgspec

from abeyance_screening.engine.measures.measure import Attachment, Effect, Event, Measure, Targets

WHOLE = Measure(
    id="",
    title="",
    citation="",
    authority="BIS",
    jurisdiction="US",
    kind="rule",
    effect=(Effect(kind="licence_required"),),
    attaches_by=("listing",),
    confidence="verified_primary",
    events=(),
)


def measure(key: str, title: str, citation: str, **fields: object) -> Measure:
    return msgspec.structs.replace(WHOLE, id=key, title=title, citation=citation, **fields)


AFFILIATES = measure(
    "us-affiliates",
    "Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities (50% rule)",
    "90 FR 47201 (2025-09-30), FR Doc 2025-19001; 15 CFR 744.11",
    events=(
        Event(
            id="take-effect-2025-09-29",
            kind="take_effect",
            published_on=date(2025, 9, 30),
            citation="90 FR 47201",
        ),
    ),
)
CYBER = measure("us-cyber", "Cybersecurity items", "86 FR 58205, RIN 0694-AH56")
ENTITY_LIST = measure(
    "us-el", "Entity List", "15 CFR 744.11", attaches=(Attachment(list_code="us_bis_el"),)
)
HUAWEI = measure(
    "us-huawei",
    "Huawei on the Entity List",
    "84 FR 22961",
    attaches=(Attachment(list_code="us_bis_el", citations=("84 FR 22961",)),),
    targets=Targets(entities=("Huawei Technologies Co., Ltd.",)),
)
HUAWEI_LICENCE = measure(
    "us-huawei-tgl",
    "Temporary General License: Huawei",
    "84 FR 23468",
    eases=("us-huawei",),
    events=(Event(id="extend", kind="extend_authorisation", citation="85 FR 8722"),),
)
UTAIR = measure(
    "us-tdo-utair",
    "Temporary denial order: UTair",
    "15 CFR 766.24",
    attaches=(Attachment(list_code="us_bis_dpl", entities=("UTAIR AVIATION JSC,",)),),
)
DENIED = measure(
    "us-dpl", "Denied Persons List", "", attaches=(Attachment(list_code="us_bis_dpl"),)
)
LICENCE_131 = measure("us-gl-131", "Russia GL 131 chain", "GL 131", authority="OFAC")
REGISTER = (
    AFFILIATES,
    CYBER,
    ENTITY_LIST,
    HUAWEI,
    HUAWEI_LICENCE,
    UTAIR,
    DENIED,
    LICENCE_131,
)
