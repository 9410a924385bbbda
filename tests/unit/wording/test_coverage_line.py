"""The one line on what an answer rests on, and what to do about the rest."""

import msgspec

from abeyance_screening.engine.screening.answer import Coverage, ListCoverage, ListNamed
from abeyance_screening.engine.screening.coverage_line import coverage_line, doubts
from abeyance_screening.engine.wording.answers import Remedy, remedies_of, remedy_of
from tests.unit.wording.test_answers import DAY, listed

SAM = ListNamed(code="us_sam", title="SAM Exclusions")


def advisory(covered: ListCoverage) -> ListCoverage:
    return msgspec.structs.replace(covered, role="advisory")


FRESH = (listed("un_sc", "fresh"), listed("eu_fsf", "fresh"), listed("named_in_measures", "fresh"))
BESIDE = (
    advisory(listed("my_list", "fresh")),
    advisory(listed("cn_uel", "too_old")),
    advisory(listed("cn_wl", "missing")),
)
CLEAR = Coverage(complete=True, lists=(*FRESH, *BESIDE), not_loaded=(SAM,))


def test_required_and_advisory_lists_are_named_in_the_same_line():
    assert coverage_line(CLEAR, DAY, DAY, found=False) == (
        "No listing on 2 required lists, all read today, nor on 1 advisory list; searched, but "
        "not relied on: Unreliable Entity List (too old); not covered: Export Control Watch List, "
        "SAM Exclusions."
    )
    older = msgspec.structs.replace(listed("ch_seco", "fresh"), age_days=2)
    ours = listed("our_list", "fresh")
    hits = msgspec.structs.replace(CLEAR, lists=(*FRESH, older, ours), not_loaded=())
    assert coverage_line(hits, DAY, None, found=True) == (
        "Searched: 3 required lists, the oldest 2 days old on that day, and 1 list of your own."
    )


def test_an_answer_says_which_profile_it_is_complete_for():
    chosen = msgspec.structs.replace(CLEAR, lists=FRESH, profile="us")
    assert coverage_line(chosen, DAY, DAY, found=False) == (
        "No listing on 2 required lists, all read today; complete for the profile us; not "
        "covered: SAM Exclusions."
    )
    lists = (*FRESH, listed("ch_seco", "missing"))
    lacking = Coverage(complete=False, lists=lists, profile="us,eu,ch")
    assert coverage_line(lacking, DAY, DAY, found=False) == (
        "1 of 4 required lists is missing (Swiss Sanctions List); incomplete for the profiles us, "
        "eu and ch."
    )
    assert doubts(lacking).endswith("; incomplete for the profiles us, eu and ch.")
    assert doubts(chosen) == ""
    for unchosen in (None, "default", "by_hand", "question"):
        told = coverage_line(
            msgspec.structs.replace(CLEAR, profile=unchosen), DAY, DAY, found=False
        )
        assert "complete for" not in told


def test_what_makes_an_answer_complete_stands_beside_it():
    failed = "cannot be reached (tried 2026-11-24 06:00 UTC)"
    away = msgspec.structs.replace(listed("ch_seco", "missing"), reason=failed)
    lists = (
        *FRESH,
        *(listed(code, "too_old") for code in ("us_bis_el", "ca_sema")),
        away,
        *BESIDE,
    )
    coverage = Coverage(complete=False, lists=lists)

    assert coverage_line(coverage, DAY, DAY, found=False).startswith(
        "3 of 6 required lists are missing (Swiss Sanctions List) or too old (Entity List, "
        "Canadian Sanctions List); searched, but not relied on:"
    )
    assert remedies_of(coverage) == (
        Remedy(text="Fetch the newest edition:", command="abeyance refresh us_bis_el ca_sema"),
        Remedy(text="The last download failed; find out why:", command="abeyance doctor ch_seco"),
    )
    ours = Coverage(complete=False, lists=tuple(listed(f"own_{n}", "too_old") for n in "12"))
    assert remedies_of(ours) == (
        Remedy(text="Load the newest file:", command="abeyance load LIST --file PATH"),
    )
    by_hand = [remedy_of(each) for each in (*BESIDE, SAM)]
    assert [each and each.command for each in by_hand] == [
        None,
        "abeyance load cn_uel --file PATH",
        "abeyance load cn_wl --file PATH",
        "abeyance load us_sam --file PATH",
    ]
