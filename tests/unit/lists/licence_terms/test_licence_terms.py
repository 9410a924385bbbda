from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import listings_in
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import (
    DENIALS,
    Fact,
    LicenceRequirement,
    Listing,
    Name,
    PolicyKind,
    ReviewPolicy,
    footnotes_in,
    policy_of,
    read_licence_terms,
)

_Policies = tuple[tuple[PolicyKind, str | None], ...]


class _Requirement(LicenceRequirement, frozen=True, kw_only=True):
    text: str
    footnotes: tuple[str, ...]
    references: tuple[str, ...]
    policies: _Policies = ()


class _Policy(msgspec.Struct, frozen=True):
    text: str
    policies: _Policies
    references: tuple[str, ...]


class _Spellings(msgspec.Struct, frozen=True):
    requirements: tuple[_Requirement, ...]
    policies: tuple[_Policy, ...]


SPELLINGS = msgspec.yaml.decode(
    Path("tests/fixtures/licence_terms/spellings.yaml").read_bytes(), type=_Spellings
)
EAR = "For all items subject to the EAR"


def _listing(
    requirement: str | None = None,
    policy: str | None = None,
    name: str = "Nobody in particular",
    facts: tuple[Fact, ...] = (),
) -> Listing:
    return Listing(
        id="us_bis_el-1",
        list_code="us_bis_el",
        names=(Name(text=name, kind="primary"),),
        licence_requirement=requirement,
        licence_review_policy=policy,
        facts=facts,
    )


def _said(policies: tuple[ReviewPolicy, ...]) -> _Policies:
    return tuple((policy.kind, policy.applies_to) for policy in policies)


@pytest.mark.parametrize(
    "printed", [pytest.param(each, id=each.text[:90]) for each in SPELLINGS.requirements]
)
def test_a_requirement_of_the_real_lists_is_read(printed: _Requirement):
    terms = read_licence_terms(_listing(requirement=printed.text))
    assert terms is not None
    assert terms.requirement == LicenceRequirement(
        scope=printed.scope,
        items=printed.items,
        used_in=printed.used_in,
        except_for=printed.except_for,
        overcome_by=printed.overcome_by,
        extends_to=printed.extends_to,
    )
    assert _said(terms.policies) == printed.policies
    assert terms.footnotes == printed.footnotes
    assert terms.references == printed.references
    assert not terms.unread
    assert (terms.requirement_text, terms.policy_text) == (printed.text, None)


@pytest.mark.parametrize(
    "printed", [pytest.param(each, id=each.text[:90]) for each in SPELLINGS.policies]
)
def test_a_review_policy_of_the_real_lists_is_read_or_unread(printed: _Policy):
    terms = read_licence_terms(_listing(policy=printed.text))
    assert terms is not None
    assert _said(terms.policies) == printed.policies
    assert terms.unread == (printed.policies == ())
    assert terms.references == printed.references
    assert (terms.requirement_text, terms.policy_text) == (None, printed.text)


def test_a_policy_inside_a_requirement_stands_before_that_of_its_own_column():
    requirement = (
        "For all items subject to the EAR, with case-by-case basis for items listed on the CCL"
    )
    terms = read_licence_terms(_listing(requirement, "Presumption of approval for EAR99 items"))
    assert terms is not None
    assert _said(terms.policies) == (
        ("case_by_case", "items listed on the CCL"),
        ("presumption_of_approval", "EAR99 items"),
    )


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_listing_without_either_text_has_no_terms(blank: str | None):
    assert read_licence_terms(_listing(blank, blank)) is None


def test_a_blank_text_is_none_and_not_unread():
    terms = read_licence_terms(_listing(EAR, " "))
    assert terms is not None
    assert (terms.policy_text, terms.policies, terms.unread) == (None, (), False)


@pytest.mark.parametrize(
    "requirement",
    [
        pytest.param("For all items subject to the EAR having a classification other than EAR99",
                     id="a class of items"),
        pytest.param("Items on the CCL", id="items nobody named"),
        pytest.param("For all items subject to the EAR except for food. Medicine needs one too",
                     id="a sentence behind an exception"),
        pytest.param("For all items subject to the EAR except for food, which has a policy of "
                     "denial", id="a policy in an exception"),
        pytest.param("For all items subject to the EAR. (See §744.11 of this page)",
                     id="a reference to something else"),
        pytest.param("Not for all items subject to the EAR", id="turned round"),
        pytest.param("For all items subject to the EAR except for food. (See §744.11 of the EAR), "
                     "except for wine", id="two exceptions"),
    ],
)  # fmt: skip
def test_a_requirement_not_understood_to_the_last_word_is_unread(requirement: str):
    terms = read_licence_terms(_listing(requirement, "Presumption of denial"))
    assert terms is not None
    assert terms.requirement is None
    assert terms.unread
    assert _said(terms.policies) == (("presumption_of_denial", None),)


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param("No presumption of denial", id="turned round"),
        pytest.param("Presumption of denial does not apply", id="taken back"),
        pytest.param("Presumption of denial for arms unless policy of denial for guns",
                     id="one inside the other"),
        pytest.param("Presumption of denial for arms case-by-case for food", id="nothing between"),
        pytest.param("Presumption of denial for arms except case-by-case for guns",
                     id="an exception to named items"),
        pytest.param("Presumption of denial for arms. Food is free", id="a further sentence"),
        pytest.param("Presumption of denial for arms; food is free", id="a further clause"),
        pytest.param("Presumption of denial for arms, which will be refused",
                     id="words on a review"),
        pytest.param("Presumption of denial. Presumption of approval", id="two for everything"),
        pytest.param("Presumption of denial. Policy of approval for food", id="an unknown kind"),
        pytest.param("Presumption of denial except", id="cut off"),
        pytest.param("Presumption of denial for arms and", id="cut off behind items"),
        pytest.param("See the notice", id="a reference to something else"),
        pytest.param("See of the EAR", id="a reference to nothing"),
    ],
)  # fmt: skip
def test_a_review_policy_not_understood_to_the_last_word_is_unread(policy: str):
    terms = read_licence_terms(_listing(EAR, policy))
    assert terms is not None
    assert terms.policies == ()
    assert terms.unread
    assert terms.requirement is not None


@pytest.mark.parametrize(
    ("listing", "includes"),
    [
        pytest.param(_listing(EAR, name="Acme Ltd., and any subsidiary"), True, id="any"),
        pytest.param(_listing(EAR, name="Acme, including all of its majority-owned subsidiaries"),
                     True, id="all of its"),
        pytest.param(_listing(EAR, name="The Ministry of Defence of the Republic of Belarus, "
                              "including the Armed Forces of Belarus and all operating units "
                              "wherever located."), True, id="Belarus: all operating units"),
        pytest.param(_listing(EAR, facts=(Fact(kind="extends_to", value="any affiliates"),)),
                     True, id="as the authority's own file keeps it"),
        pytest.param(_listing(f"{EAR} to it and its sub-units"), True,
                     id="in the requirement"),
        pytest.param(_listing(EAR, name="CNOOC Limited (a subsidiary of China National Offshore "
                              "Oil Corporation)"), False, id="CNOOC Limited: is one itself"),
        pytest.param(_listing(EAR, name="Huawei Technologies Co., Ltd. (Huawei). Affiliated "
                              "Entity: Huawei Mobile Technology Ltd."), False,
                     id="Huawei: the affiliate is named"),
        pytest.param(_listing(EAR, name="Subsidiary Sevastopol Naval Plant of Zvezdochka "
                              "Shipyard"), False, id="Sevastopol Naval Plant: a name"),
        pytest.param(_listing(EAR, facts=(Fact(kind="alias_note", value="any affiliates"),)),
                     False, id="another fact"),
    ],
)  # fmt: skip
def test_only_an_entry_that_says_so_includes_subsidiaries(listing: Listing, *, includes: bool):
    terms = read_licence_terms(listing)
    assert terms is not None
    assert terms.includes_subsidiaries is includes


@pytest.mark.parametrize(
    ("text", "footnotes"),
    [
        pytest.param("(See §§ 734.9(g),3 746.8(a)(3), and 744.11)", ("3",), id="behind a section"),
        pytest.param("see §§ 734.9(e)1 and 744.11 of the EAR2", ("1", "2"), id="two marks"),
        pytest.param("(See §734.9(e), and 744.11 of the EAR)4.", ("4",), id="behind a bracket"),
        pytest.param("(See §§ 734.9(e) and 744.11 of the EAR) 4 The rest", ("4",), id="blank"),
        pytest.param("(See §734.9(e) and §744.11 of the EAR)", (),
                     id="Shanghai Supercomputing: no mark, and three footnotes it may be"),
        pytest.param("(See §§ 734.9(g), 746.8(a)(3), and 744.21(b))", ("3",), id="section alone"),
        pytest.param("(See §§ 734.9(e)(2) and 744.11 of the EAR)", ("4",), id="paragraph alone"),
        pytest.param("see § 736.2(b)(3)(vi), and 744.11", ("1",), id="where footnote 1 stood"),
        pytest.param("see footnote 5 to this supplement", ("5",), id="in words"),
        pytest.param("items subject to the EAR99", (), id="EAR99 is a class"),
        pytest.param("EAR99 items; the EAR) 99", (), id="two digits behind a bracket"),
        pytest.param("supplement no. 2 to part 744 of the EAR.", (), id="a supplement's number"),
        pytest.param("85 FR 51596; 87 FR 62186", (), id="citations"),
    ],
)  # fmt: skip
def test_a_footnote_is_known_by_its_mark_or_its_section(text: str, footnotes: tuple[str, ...]):
    assert footnotes_in(text) == footnotes


def test_a_footnote_that_the_authoritys_own_file_marks_is_kept():
    facts = (Fact(kind="footnote", value="4: For this entity"), Fact(kind="footnote", value="*"))
    terms = read_licence_terms(_listing("See §734.9(e)", facts=facts))
    assert terms is not None
    assert terms.footnotes == ("4",)


_PIECES = st.lists(
    st.sampled_from(
        (
            "Presumption of denial",
            "policy for denial",
            "presumption of approval",
            "case-by-case",
            "For all items subject to the EAR",
            "for arms",
            "except for",
            "apart from",
            ", which will be reviewed on a",
            "basis",
            "(See § 744.11 of the EAR)",
            "See §§ 744.2(d)",
            "; and",
            ".",
            " ",
        )
    )
    | st.text(max_size=8)
).map(" ".join)
_KIND_OF_WORDS: dict[str, PolicyKind] = {
    "presumption of denial": "presumption_of_denial",
    "policy for denial": "policy_of_denial",
    "presumption of approval": "presumption_of_approval",
    "case-by-case": "case_by_case",
}


@given(requirement=st.none() | _PIECES, policy=_PIECES)
@example(requirement="For all items subject to the EAR apart from case-by-case", policy="x")
def test_a_policy_in_any_text_is_among_the_policies_or_the_text_is_unread(
    requirement: str | None, policy: str
):
    terms = read_licence_terms(_listing(requirement, policy))
    printed = " ".join(f"{requirement} | {policy}".lower().split())
    named = {kind for words, kind in _KIND_OF_WORDS.items() if words in printed}
    if terms is None:
        assert not named
    else:
        assert terms.unread or named <= {each.kind for each in terms.policies}
        assert terms.unread or terms.policies or terms.policy_text is None


@pytest.mark.parametrize(
    ("policy", "kind"),
    [
        pytest.param("Presumption of denial.", "presumption_of_denial", id="whole"),
        pytest.param("Policy of denial. See §§ 746.8(b) and 744.21(e).", "policy_of_denial",
                     id="with sections"),
        pytest.param("Case-by-case basis", "case_by_case", id="case by case"),
        pytest.param("Case-by-case review for ECCN 1A995; and presumption of denial for all other "
                     "items subject to the EAR.", "presumption_of_denial",
                     id="Hikvision: what holds for all other items"),
        pytest.param("Case-by-case for all items listed on the CCL. Presumption of approval for "
                     "EAR99 items", "case_by_case", id="the stricter is general"),
        pytest.param("Presumption of denial for items of 3B001. Case-by-case for ECCN 4A994.",
                     "presumption_of_denial", id="none is general: the strictest"),
        pytest.param("See §744.3 of this part", "under_named_section", id="a section alone"),
        pytest.param("Presumption of denial unless the moon is full.", "presumption_of_denial",
                     id="not understood, but the words are there"),
        pytest.param("Reviewed on Tuesdays.", None, id="unknown words"),
        pytest.param(None, None, id="no text"),
    ],
)  # fmt: skip
def test_one_policy_stands_for_an_entry(policy: str | None, kind: PolicyKind | None):
    terms = read_licence_terms(_listing(EAR, policy))
    assert terms is not None
    assert policy_of(terms) == kind
    assert terms.policy_text == policy


@given(requirement=st.none() | _PIECES, policy=_PIECES)
def test_no_text_with_the_words_of_a_denial_is_without_a_policy(
    requirement: str | None, policy: str
):
    terms = read_licence_terms(_listing(requirement, policy))
    printed = " ".join(f"{requirement} | {policy}".lower().split())
    if "presumption of denial" in printed or "policy for denial" in printed:
        assert policy_of(terms) is not None


def test_every_entry_of_the_entity_list_has_the_policy_that_it_prints():
    """3,420 entries of 2026-07-31; the two others print no policy in its column."""
    (edition,) = (each for each in bundled_editions() if each.source == "us_csl")
    parsed = read_files("us_csl", read_bundled(edition), sources=["us_csl"]).parsed
    entries = [
        each
        for edition in parsed
        for each in listings_in(edition)
        if each.list_code == "us_bis_el"
    ]
    kinds = Counter(policy_of(read_licence_terms(each)) for each in entries)
    assert kinds == {
        "presumption_of_denial": 2_261,
        "policy_of_denial": 947,
        "under_named_section": 173,
        "case_by_case": 37,
        None: 2,
    }
    for each in entries:
        if "denial" in (each.licence_review_policy or "").casefold():
            assert policy_of(read_licence_terms(each)) in DENIALS
