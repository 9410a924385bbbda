from datetime import date
from pathlib import Path

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from abeyance_screening.engine.measures.measure import Attachment
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.primitives.errors import NotFoundError
from tests.shipped_register import load

REGISTER = load()
OFAC = ["us-ofac-50-percent", "us-ofac-50-percent-2008"]
UK = ["uk-ownership-and-control"]
BASE = {"us_bis_el": "us-bis-entity-list", "us_bis_dpl": "us-bis-dpl", "un_sc": "un-sc-list"}


def _listing(
    list_code: str,
    *programmes: str,
    citations: tuple[str, ...] = (),
    name: str = "Nobody in particular",
) -> Listing:
    return Listing(
        id=f"{list_code}-1",
        list_code=list_code,
        names=(Name(text="First", kind="primary"), Name(text=name, kind="alias")),
        programmes=programmes,
        citations=citations,
    )


def _ids(listing: Listing) -> list[str]:
    return [each.id for each in REGISTER.attached_to(listing)]


@pytest.mark.parametrize(
    ("listing", "ids"),
    [
        pytest.param(_listing("us_bis_el"), ["us-bis-entity-list", "us-bis-affiliates-rule"],
                     id="the list is the basis, the Affiliates Rule a condition"),
        pytest.param(_listing("us_bis_meu"), ["us-bis-meu", "us-bis-affiliates-rule"], id="MEU"),
        pytest.param(_listing("us_bis_uvl"), ["us-bis-uvl"], id="no Affiliates Rule for the UVL"),
        pytest.param(_listing("us_bis_dpl"), ["us-bis-dpl"], id="DPL"),
        pytest.param(_listing("us_bis_el", citations=("90 F.R. 4617 1/16/25",)),
                     ["us-bis-el-2025-01-16a", "us-bis-entity-list", "us-bis-affiliates-rule"],
                     id="cites 90 FR 4617"),
        pytest.param(_listing("us_bis_el", citations=("90 FR 46",)),
                     ["us-bis-entity-list", "us-bis-affiliates-rule"], id="cites another page"),
        pytest.param(_listing("us_bis_el", citations=("84 FR 22961, 85 FR 29852",)),
                     ["us-bis-entity-list", "us-bis-huawei-entity-list", "us-bis-huawei-tgl",
                      "us-bis-affiliates-rule"], id="Huawei: its licence comes after it"),
        pytest.param(_listing("us_ofac_sdn", "GLOMAG"), ["us-ofac-glomag", *OFAC],
                     id="one programme, and the rules on what the party owns"),
        pytest.param(_listing("us_ofac_sdn", "TCO"),
                     ["us-bis-ear-744-8", "us-ofac-tco", "us-bis-affiliates-rule", *OFAC],
                     id="a programme that sets off 15 CFR 744.8"),
        pytest.param(_listing("us_ofac_sdn"), ["us-ofac-sdn", *OFAC], id="no programme: the list"),
        pytest.param(_listing("us_ofac_sdn", "IFSR"), ["us-ofac-ifsr", "us-ofac-sdn", *OFAC],
                     id="a flag is no basis"),
        pytest.param(_listing("us_ofac_sdn", "IFSR", "IRAN"),
                     ["us-ofac-ifsr", "us-ofac-iran", "us-ofac-iran-gl-u", "us-ofac-iran-gl-x",
                      *OFAC],
                     id="a flag beside its basis"),
        pytest.param(_listing("us_ofac_sdn", "SYRIA"), ["us-ofac-syria-program", *OFAC],
                     id="an ended code of an older file"),
        pytest.param(_listing("us_ofac_sdn", "UKRAINE-EO13662"),
                     ["us-bis-ear-744-8", "us-ofac-ukraine-eo13662-block",
                      "us-bis-affiliates-rule", *OFAC], id="blocks on the SDN List"),
        pytest.param(_listing("us_ofac_ssi", "UKRAINE-EO13662"),
                     ["us-ofac-ssi-ukraine-eo13662", "us-ofac-sectoral-50-percent"],
                     id="the same code, restricts debt on the SSI List"),
        pytest.param(_listing("us_ofac_cmic", "CMIC-EO13959"), ["us-ofac-ns-cmic"],
                     id="list, code and act are one"),
        pytest.param(_listing("us_ofac_mbs", "MBS"), ["us-ofac-mbs"], id="an older code"),
        pytest.param(_listing("us_state_isn", "Missile Sanctions laws"), ["us-state-isn-missile"],
                     id="an older spelling"),
        pytest.param(_listing("un_sc", "GB"), ["un-2048", "un-sc-list"], id="Guinea-Bissau"),
        pytest.param(_listing("uk_ofsi", "Burma"), ["uk-myanmar-2021", *UK],
                     id="another list's code"),
        pytest.param(_listing("uk_ofsi", "Terrorism and Terrorist Financing"),
                     ["uk-ct-domestic-2019", "uk-ct-international-2019", *UK],
                     id="one code, two acts"),
        pytest.param(_listing("us_ofac_sdn", "IRAN-EO13902",
                              name="Hengli Petrochemical Dalian Refinery Co., Ltd."),
                     ["cn-blocking-2026-05-02", "us-ofac-iran-eo13902", "us-ofac-iran-gl-l",
                      "us-ofac-iran-gl-u", "us-ofac-iran-gl-x", *OFAC],
                     id="Hengli: an act that forbids obeying the other"),
        pytest.param(_listing("cn_ecl", "cn-ecl-2025-13", name="Skydio, Inc."),
                     ["cn-ecl-2025-13", "cn-mofcom-50-percent"], id="named in one announcement"),
        pytest.param(_listing("us_bis_el", "A-NEW-CODE"),
                     ["not-in-register", "us-bis-entity-list", "us-bis-affiliates-rule"],
                     id="a programme nobody registered, on a list that binds by itself"),
        pytest.param(_listing("us_ofac_sdn", "GLOMAG", "A-NEW-CODE"),
                     ["not-in-register", "us-ofac-glomag", *OFAC], id="one code of two is new"),
        pytest.param(_listing("us_ofac_sdn", "A-NEW-CODE"),
                     ["not-in-register", "us-ofac-sdn", *OFAC],
                     id="the only code is new"),
        pytest.param(_listing("us_ofac_mbs", "A-NEW-CODE"), ["not-in-register", "us-ofac-mbs"],
                     id="a new code, on a list that binds by itself"),
        pytest.param(_listing("us_ofac_nonsdn", "A-NEW-CODE"), ["not-in-register"],
                     id="a new code, on a list that is not known"),
        pytest.param(_listing("us_ofac_nonsdn", "RUSSIA-EO14024"), ["not-in-register"],
                     id="a known code, on a list that is not known"),
        pytest.param(_listing("us_ofac_mbs", "PEESA"), ["us-ofac-mbs-peesa", *OFAC],
                     id="31914 of 2021"),
        pytest.param(_listing("my_suppliers", "GLOMAG"), ["own-list"], id="the user's own list"),
    ],
)  # fmt: skip
def test_a_listing_meets_exactly_the_measures_behind_it(listing: Listing, ids: list[str]):
    assert _ids(listing) == ids


@pytest.mark.parametrize(
    ("listing", "unknown"),
    [
        pytest.param(_listing("us_ofac_sdn", "GLOMAG", "NEW"), ("NEW",), id="one of two"),
        pytest.param(_listing("us_ofac_nonsdn", "NEW"), ("NEW",), id="on a list without measures"),
        pytest.param(_listing("us_ofac_sdn", "GLOMAG"), (), id="known"),
        pytest.param(_listing("us_ofac_sdn"), (), id="none"),
        pytest.param(_listing("my_suppliers", "NEW"), (), id="the user's own"),
    ],
)
def test_the_codes_nobody_registered_are_named(listing: Listing, unknown: tuple[str, ...]):
    assert REGISTER.unknown_programmes(listing) == unknown


def test_a_measure_on_what_a_party_owns_is_a_question():
    *_, rule = REGISTER.attached_to(_listing("us_bis_el"))
    assert rule.attaches_by == ("ownership",)
    assert rule.condition is not None
    assert rule.condition.startswith("Is the counterparty owned 50 %")


def test_a_known_list_without_any_measure_is_a_gap_that_says_so():
    bare = Register(each for each in REGISTER.measures if each.id == "not-in-register")
    (gap,) = bare.attached_to(_listing("us_bis_el"))
    assert gap.id == "not-in-register"
    assert [effect.kind for effect in gap.effect] == ["unknown"]


def test_a_question_alone_binds_nobody_so_the_gap_is_told():
    only_rule = Register(
        each
        for each in REGISTER.measures
        if each.id in {"not-in-register", "us-bis-affiliates-rule"}
    )
    ids = [each.id for each in only_rule.attached_to(_listing("us_bis_el"))]
    assert ids == ["not-in-register", "us-bis-affiliates-rule"]


def test_measures_stand_by_id_and_are_found_by_every_id_they_go_by():
    ids = [each.id for each in REGISTER.measures]
    assert ids == sorted(ids)
    assert REGISTER.get("un-1737") is REGISTER.get("un-1737-iran")


def test_an_id_nobody_has_is_not_found():
    with pytest.raises(NotFoundError, match="no measure 'us-ofac-nothing'"):
        REGISTER.get("us-ofac-nothing")


class _PrintedEntry(msgspec.Struct, frozen=True):
    edition: date
    id: str
    name: str
    licence_requirement: str
    citations: tuple[str, ...]

    def listing(self) -> Listing:
        return Listing(
            id=self.id,
            list_code="us_bis_el",
            names=(Name(text=self.name, kind="primary"),),
            licence_requirement=self.licence_requirement,
            citations=self.citations,
        )


_PRINTED = {
    (each.name, each.edition.year): each.listing()
    for each in (
        msgspec.json.decode(line, type=_PrintedEntry)
        for line in Path("tests/fixtures/register/footnotes.jsonl").read_bytes().splitlines()
    )
}


@pytest.mark.parametrize(
    ("name", "year", "rules"),
    [
        pytest.param("Huawei Technologies Co., Ltd. (Huawei)", 2026, ["us-bis-fdp-footnote-1"],
                     id="Huawei: footnote 1, and 2 that is no such rule"),
        pytest.param("Huawei Technologies Co., Ltd. (Huawei)", 2022, ["us-bis-fdp-footnote-1"],
                     id="Huawei in 2022: the section where the rule stood"),
        pytest.param("Federal Security Service (FSB)", 2026, ["us-bis-fdp-footnote-3"], id="FSB"),
        pytest.param("Aerosila JSC SPE", 2026, ["us-bis-fdp-footnote-3"],
                     id="Aerosila: the mark is lost, the section is there"),
        pytest.param("Sugon", 2026, ["us-bis-fdp-footnote-4"], id="Sugon"),
        pytest.param("IFLYTEK", 2026, ["us-bis-fdp-footnote-4"], id="IFLYTEK"),
        pytest.param("Shanghai Supercomputing Technology Co., Ltd.", 2026,
                     ["us-bis-fdp-footnote-4"], id="Shanghai Supercomputing: by its name"),
        pytest.param("Semiconductor Manufacturing South China Corporation", 2026,
                     ["us-bis-fdp-footnote-5"], id="SMIC South: a fab"),
        pytest.param("SMIC Holdings Limited", 2026, [], id="SMIC Holdings: no footnote"),
        pytest.param("Abdul Satar Ghoura", 2026, [], id="an ordinary entry"),
    ],
)  # fmt: skip
def test_an_entry_comes_under_the_rules_of_its_footnotes(name: str, year: int, rules: list[str]):
    ids = _ids(_PRINTED[name, year])
    assert [each for each in ids if each.startswith("us-bis-fdp")] == rules
    assert "us-bis-entity-list" in ids


def test_a_footnote_may_be_marked_in_the_policy_the_remarks_or_the_authoritys_own_file():
    bare = _listing("us_bis_el")
    marked = [
        msgspec.structs.replace(bare, licence_review_policy="See § 734.9(e)(3) of the EAR"),
        msgspec.structs.replace(bare, remarks="See footnote 5."),
        msgspec.structs.replace(bare, facts=(Fact(kind="footnote", value="5: For this entity"),)),
    ]
    assert "us-bis-fdp-footnote-5" not in _ids(bare)
    assert all("us-bis-fdp-footnote-5" in _ids(each) for each in marked)


def _ids_beside(listing: Listing, attachment: Attachment) -> set[str]:
    """What reaches a listing where `narrow` attaches so, beside the measure of the whole list."""
    whole = msgspec.structs.replace(REGISTER.get("us-bis-entity-list"), ownership=None)
    narrow = msgspec.structs.replace(whole, id="narrow", attaches=(attachment,))
    kept = (whole, narrow, REGISTER.get("not-in-register"))
    return {each.id for each in Register(kept).attached_to(listing)}


EL = Attachment(list_code="us_bis_el")
FIRST, LAST = date(2024, 4, 1), date(2024, 4, 30)


@pytest.mark.parametrize(
    ("listed_on", "reached"),
    [
        pytest.param(date(2024, 3, 31), False, id="the day before"),
        pytest.param(FIRST, True, id="the first day"),
        pytest.param(LAST, True, id="the last day"),
        pytest.param(date(2024, 5, 1), False, id="the day after"),
        pytest.param(None, True, id="no day printed"),
    ],
)
@pytest.mark.parametrize(
    "attachment",
    [
        pytest.param(EL, id="the whole list"),
        pytest.param(msgspec.structs.replace(EL, citations=("90 FR 46",)), id="a citation"),
        pytest.param(msgspec.structs.replace(EL, entities=("FIRST",)), id="a name"),
        pytest.param(msgspec.structs.replace(EL, programmes=("XX",)), id="a programme"),
        pytest.param(msgspec.structs.replace(EL, footnotes=("5",)), id="a footnote"),
    ],
)
def test_the_day_of_listing_narrows_whatever_else_is_looked_for(
    attachment: Attachment, listed_on: date | None, *, reached: bool
):
    attachment = msgspec.structs.replace(attachment, listed_from=FIRST, listed_until=LAST)
    listing = msgspec.structs.replace(
        _listing("us_bis_el", "XX", citations=("90 FR 46",)),
        licence_requirement="See footnote 5",
        listed_on=listed_on,
    )
    assert ("narrow" in _ids_beside(listing, attachment)) is reached


@pytest.mark.parametrize(
    ("attachment", "reached"),
    [
        pytest.param(msgspec.structs.replace(EL, listed_from=FIRST), True, id="from that day"),
        pytest.param(msgspec.structs.replace(EL, listed_from=LAST), False, id="from a later day"),
        pytest.param(msgspec.structs.replace(EL, listed_until=FIRST), True, id="until that day"),
        pytest.param(msgspec.structs.replace(EL, listed_until=date(2024, 3, 31)), False,
                     id="until the day before"),
    ],
)  # fmt: skip
def test_one_bound_is_enough(attachment: Attachment, *, reached: bool):
    listing = msgspec.structs.replace(_listing("us_bis_el"), listed_on=FIRST)
    assert ("narrow" in _ids_beside(listing, attachment)) is reached


def test_another_footnote_is_not_reached():
    listing = msgspec.structs.replace(_listing("us_bis_el"), remarks="See footnote 4")
    assert "narrow" not in _ids_beside(listing, msgspec.structs.replace(EL, footnotes=("5",)))


def test_a_programme_reached_only_on_other_days_is_one_nobody_registered():
    until = msgspec.structs.replace(EL, programmes=("XX",), listed_until=FIRST)
    listing = msgspec.structs.replace(_listing("us_bis_el", "XX"), listed_on=LAST)
    assert _ids_beside(listing, until) == {"not-in-register", "us-bis-entity-list"}
