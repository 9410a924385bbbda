"""Sentences: what each status means, with its day and its act."""

from datetime import date

import msgspec
import pytest

from service.model.measure import Effect
from service.model.status import SliceStatus, StatusWord
from service.web.notes import notes_of
from service.web.sentences import duty_in_words, sentence_of
from tests.unit.web.measures import ALL_WORDS, PLAIN, event

DUTY = "A firm half owned by listed parties needs its owners' licence."
DISPUTED = (
    "An extension to 10 Jan 2027 was announced on 23 Sep 2026. No act by BIS was found "
    "(sources read until 9 Oct 2026), so it does not count."
)
SUSPENDED = event("suspend", effective_on=date(2025, 11, 10), until=date(2026, 11, 9))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({}, DUTY, id="in force"),
        pytest.param(
            {"plain": None, "effect": (Effect(kind="licence_required", what="chips"),)},
            "A licence is needed: chips.",
            id="without a plain sentence",
        ),
        pytest.param(
            {
                "status": "in_force_eased",
                "until": date(2025, 11, 28),
                "until_bound": "unknown",
                "rests_on": (event("authorise", citation="TGL"),),
            },
            f"{DUTY} Eased by TGL, to 27 Nov 2025 at the latest; then the relief ends.",
            id="eased, an unknown bound is read the stricter way",
        ),
        pytest.param(
            {
                "status": "suspended",
                "until": date(2026, 11, 27),
                "next_change_on": date(2026, 11, 27),
                "residual_obligation": "An export permit is still needed.",
            },
            "An export permit is still needed. From 27 Nov 2026 it returns unless a new act is "
            "recorded.",
            id="suspended",
        ),
        pytest.param(
            {"status": "suspended"},
            "The text stands and has no effect for now. No end date was read. That is no open "
            "end: check 90 FR 47201.",
            id="suspended without an end",
        ),
        pytest.param(
            {
                "status": "in_force_by_lapse",
                "since": date(2026, 11, 10),
                "rests_on": (event("take_effect"), SUSPENDED),
            },
            "The suspension ran out on 9 Nov 2026 and no extension is on record. Treat it as in "
            f"force. {DUTY}",
            id="by lapse",
        ),
        pytest.param(
            {
                "status": "in_force_not_enforced",
                "rests_on": (event("not_enforced", announced_on=date(2025, 5, 13)),),
            },
            "BIS said on 13 May 2025 that it does not enforce it. The text stands; it may be "
            "enforced again without notice.",
            id="not enforced",
        ),
        pytest.param(
            {"status": "court_stayed", "rests_on": (event("stay", citation="Xiaomi v. DoD"),)},
            "A court stopped it (Xiaomi v. DoD). It returns if the stay is lifted.",
            id="stayed",
        ),
        pytest.param(
            {"status": "published_not_effective", "next_change_on": date(2027, 1, 1)},
            f"Nothing applies yet. From 1 Jan 2027: {DUTY}",
            id="published",
        ),
        pytest.param(
            {
                "status": "announced",
                "upcoming": (
                    event("announce", announced_on=date(2026, 9, 23), citation="a speech"),
                ),
            },
            "Said on 23 Sep 2026 (a speech). No act exists; nothing has changed.",
            id="announced",
        ),
        pytest.param(
            {
                "status": "ended",
                "rests_on": (event("revoke", citation="EO 14312"),),
                "residual_obligation": "What was blocked stays blocked.",
            },
            "Revoked by EO 14312. What was blocked stays blocked.",
            id="ended",
        ),
        pytest.param(
            {
                "status": "partly_suspended",
                "slices": (
                    SliceStatus(
                        part="para. 2", status="suspended", since=None, until=date(2026, 11, 27)
                    ),
                ),
            },
            f"{DUTY} Para. 2 is suspended until 27 Nov 2026.",
            id="in part",
        ),
    ],
)
def test_a_sentence_says_what_holds(fields: dict[str, object], sentence: str):
    assert sentence_of(msgspec.structs.replace(PLAIN, **fields)) == sentence


@pytest.mark.parametrize("word", ALL_WORDS)
def test_every_status_has_a_sentence_that_promises_nothing(word: StatusWord):
    sentence = sentence_of(msgspec.structs.replace(PLAIN, status=word))
    assert sentence.endswith(".")
    for promise in ("clear", "allowed to", "you may", "safe"):
        assert promise not in sentence.casefold()


def test_effects_are_told_one_by_one():
    effects = (Effect(kind="blocked"), Effect(kind="import_ban", what="goods from Xinjiang"))
    assert duty_in_words(effects) == (
        "Its assets are frozen and nobody may make any available to it. "
        "Imports are banned: goods from Xinjiang."
    )


def test_a_disputed_extension_is_shown_and_does_not_count():
    said = event(
        "announce_extension",
        announced_on=date(2026, 9, 23),
        effective_on=date(2026, 11, 10),
        until=date(2027, 1, 10),
    )
    measure = msgspec.structs.replace(
        PLAIN, disputed=(said,), checked_until=date(2026, 10, 9), stale=True
    )
    assert [(note.label, note.text) for note in notes_of(measure)] == [("Disputed", DISPUTED)]


def test_an_unknown_boundary_day_is_told():
    measure = msgspec.structs.replace(
        PLAIN, status="suspended", until=date(2026, 11, 27), until_bound="unknown"
    )
    assert [note.text for note in notes_of(measure)] == [
        "Whether 27 Nov 2026 itself is still within is not stated; we count it as restricted."
    ]


def test_a_plain_measure_has_no_small_print():
    assert notes_of(PLAIN) == ()
