"""What a list prints on licences, in a sentence."""

import msgspec

from service.model.licence import LicenceRequirement, LicenceTerms, ReviewPolicy
from service.wording import licence_in_words

TERMS = LicenceTerms(
    requirement_text="For all items subject to the EAR.",
    policy_text="Presumption of denial",
    requirement=LicenceRequirement(scope="all_items", items="all items subject to the EAR"),
    policies=(ReviewPolicy(kind="presumption_of_denial"),),
    footnotes=(),
    references=(),
    includes_subsidiaries=False,
    unread=False,
)


def test_a_requirement_and_its_policy_are_one_sentence():
    assert licence_in_words(TERMS) == (
        "A licence is needed for all items subject to the EAR; the answer is normally no."
    )


def test_policies_name_what_they_are_for():
    both = (
        ReviewPolicy(kind="case_by_case", applies_to="ECCN 1A004.c"),
        ReviewPolicy(kind="presumption_of_denial"),
    )
    assert licence_in_words(msgspec.structs.replace(TERMS, policies=both)) == (
        "A licence is needed for all items subject to the EAR; for ECCN 1A004.c each application "
        "is looked at by itself; the answer is normally no."
    )


def test_what_cannot_be_read_for_certain_counts_as_the_strictest():
    unread = msgspec.structs.replace(TERMS, unread=True, requirement=None, policies=())
    assert "take it for all items, and the answer for no" in licence_in_words(unread)


def test_nothing_printed_is_nothing_said():
    bare = msgspec.structs.replace(TERMS, requirement=None, policies=())
    assert licence_in_words(bare) == "The list says nothing of a licence."


def test_a_long_text_is_cut_at_a_word():
    long = LicenceRequirement(scope="named_items", items="items " * 40)
    said = licence_in_words(msgspec.structs.replace(TERMS, requirement=long))
    assert len(said) < 160
    assert "items …" in said
