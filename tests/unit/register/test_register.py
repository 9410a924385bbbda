import pytest

from service.model.errors import NotFoundError
from service.model.listing import Listing, Name
from service.register.read import load
from service.register.register import Register

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
                     ["us-ofac-ifsr", "us-ofac-iran", *OFAC],
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
                     ["cn-blocking-2026-05-02", "us-ofac-iran-eo13902", *OFAC],
                     id="Hengli: an act that forbids obeying the other"),
        pytest.param(_listing("cn_ecl", "cn-ecl-2025-13", name="Skydio, Inc."),
                     ["cn-ecl-2025-13"], id="named in one announcement"),
        pytest.param(_listing("us_bis_el", "A-NEW-CODE"),
                     ["not-in-register", "us-bis-entity-list", "us-bis-affiliates-rule"],
                     id="a programme nobody registered, on a list that binds by itself"),
        pytest.param(_listing("us_ofac_sdn", "GLOMAG", "A-NEW-CODE"),
                     ["not-in-register", "us-ofac-glomag", *OFAC], id="one code of two is new"),
        pytest.param(_listing("us_ofac_sdn", "A-NEW-CODE"),
                     ["not-in-register", "us-ofac-sdn", *OFAC],
                     id="the only code is new"),
        pytest.param(_listing("my_suppliers", "GLOMAG"), ["own-list"], id="the user's own list"),
    ],
)  # fmt: skip
def test_a_listing_meets_exactly_the_measures_behind_it(listing: Listing, ids: list[str]):
    assert _ids(listing) == ids


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
