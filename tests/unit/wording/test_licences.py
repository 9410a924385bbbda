"""What a list prints on licences, in a sentence."""

import msgspec

from abeyance_screening.engine.lists.listing import LicenceRequirement, LicenceTerms, ReviewPolicy
from abeyance_screening.engine.wording import licence_in_words, policies_in_words

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
        "A licence is needed for all items subject to the EAR, and the answer is normally no."
    )


def test_policies_name_what_they_are_for():
    both = (
        ReviewPolicy(kind="case_by_case", applies_to="ECCN 1A004.c"),
        ReviewPolicy(kind="presumption_of_denial"),
    )
    terms = msgspec.structs.replace(TERMS, policies=both)
    assert licence_in_words(terms) == licence_in_words(TERMS)
    assert policies_in_words(terms) == ("Case by case: ECCN 1A004.c.",)


def test_what_cannot_be_read_for_certain_counts_as_the_strictest():
    unread = msgspec.structs.replace(TERMS, unread=True, requirement=None, policies=())
    assert "all items and that the answer is normally no" in licence_in_words(unread)
    assert policies_in_words(unread) == ()


def test_nothing_printed_is_nothing_said():
    bare = msgspec.structs.replace(TERMS, requirement=None, policies=())
    assert licence_in_words(bare) == "The list says nothing of a licence."


def test_use_and_exceptions_stand_with_the_items():
    needed = LicenceRequirement(
        scope="named_items", items="chips", used_in="supercomputers", except_for="EAR99"
    )
    terms = msgspec.structs.replace(TERMS, requirement=needed, policies=())
    assert licence_in_words(terms) == (
        "A licence is needed for chips when used in supercomputers, except EAR99."
    )


def test_an_entry_without_words_is_told_to_name_them():
    terms = msgspec.structs.replace(TERMS, requirement=None)
    assert licence_in_words(terms) == (
        "A licence is needed for what the entry names, and the answer is normally no."
    )
