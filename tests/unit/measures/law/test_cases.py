"""The real cases every version must get right, both sides of every boundary day."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from tests.shipped_register import load

REGISTER = load()
NOW = "2026-11-24"


def _case(measure_id: str, as_of: str, word: str, known: str = NOW, name: str = "") -> object:
    return pytest.param(measure_id, as_of, known, word, id=f"{measure_id} {as_of} {name}".strip())


AFFILIATES = "us-bis-affiliates-rule"
CASES = [
    _case(AFFILIATES, "2025-09-28", "not_yet_made", name="day before effect"),
    _case(AFFILIATES, "2025-09-28", "not_known", "2025-09-28", "before it was public"),
    _case(AFFILIATES, "2025-09-29", "in_force_eased", "2025-09-29", "effective, not published"),
    _case(AFFILIATES, "2025-10-15", "in_force_eased", name="temporary licence"),
    _case(AFFILIATES, "2025-11-09", "in_force_eased", name="day before the suspension"),
    _case(AFFILIATES, "2025-11-10", "suspended", name="first suspended day"),
    _case(AFFILIATES, "2025-11-10", "in_force_eased", "2025-11-09", "only announced"),
    _case(AFFILIATES, "2026-11-09", "suspended", name="last suspended day"),
    _case(AFFILIATES, "2026-11-10", "in_force_by_lapse", name="first day after"),
    _case(AFFILIATES, "2026-11-24", "in_force_by_lapse"),
    *(
        _case(f"cn-2025-{number}", as_of, word)
        for number in (55, 56, 57, 58, 61, 62)
        for as_of, word in (
            ("2025-12-01", "suspended"),
            ("2026-11-09", "suspended"),
            ("2026-11-10", "in_force_by_lapse"),
            ("2026-11-24", "in_force_by_lapse"),
        )
    ),
    _case("cn-2025-55", "2025-10-20", "published_not_effective", "2025-10-20"),
    _case("cn-2025-61", "2025-10-20", "in_force", name="one paragraph in force at once"),
    _case("cn-2025-18", "2025-04-03", "not_yet_made"),
    _case("cn-2025-18", "2025-04-04", "in_force"),
    _case("cn-2025-18", "2026-11-24", "in_force"),
    _case("cn-2026-1", "2025-09-01", "not_yet_made", name="months before it was made"),
    _case("cn-2026-1", "2026-01-05", "not_yet_made", name="the day before it was made"),
    _case("cn-2026-1", "2026-01-06", "in_force", name="made and in force at once"),
    _case("cn-2024-46-1", "2026-11-24", "in_force", name="paragraph never suspended"),
    _case("cn-2024-46-2", "2025-11-08", "in_force"),
    _case("cn-2024-46-2", "2026-11-24", "suspended"),
    _case("cn-2024-46-2", "2026-11-26", "suspended"),
    _case("cn-2024-46-2", "2026-11-27", "in_force_by_lapse", name="unknown bound"),
    _case("cn-2024-46-2", "2027-02-01", "in_force_by_lapse"),
    _case("us-bis-veu-revocation", "2025-08-28", "not_known", "2025-08-28"),
    _case("us-bis-veu-revocation", "2025-08-28", "not_yet_made", name="known today"),
    _case("us-bis-veu-revocation", "2025-11-05", "published_not_effective", "2025-11-05"),
    _case("us-bis-veu-revocation", "2025-12-30", "published_not_effective"),
    _case("us-bis-veu-revocation", "2025-12-31", "in_force"),
    _case("us-bis-veu-revocation", "2026-01-01", "in_force_eased"),
    _case("us-reciprocal-tariff-cn", "2026-02-19", "suspended"),
    _case("us-reciprocal-tariff-cn", "2026-02-20", "ended"),
    _case("us-reciprocal-tariff-cn", "2026-11-10", "ended", name="no lapse revives it"),
    _case("nl-nexperia-order", "2025-10-05", "not_known", "2025-10-05"),
    _case("nl-nexperia-order", "2025-10-05", "not_known", "2025-10-11"),
    _case("nl-nexperia-order", "2025-10-05", "in_force", "2025-10-12"),
    _case("nl-nexperia-order", "2025-10-05", "in_force", "2025-12-01"),
    _case("nl-nexperia-order", "2026-09-30", "suspended", name="last day, unknown bound"),
    _case("nl-nexperia-order", "2026-10-01", "ended_by_term_unconfirmed"),
    _case("us-dod-ccmc-xiaomi", "2021-03-11", "in_force"),
    _case("us-dod-ccmc-xiaomi", "2021-03-12", "court_stayed"),
    _case("us-dod-ccmc-xiaomi", "2021-05-25", "ended"),
    _case("us-bis-ai-diffusion", "2025-05-12", "in_force"),
    _case("us-bis-ai-diffusion", "2025-05-13", "in_force_not_enforced"),
    _case("us-bis-huawei-tgl", "2019-05-19", "not_yet_made"),
    _case("us-bis-huawei-tgl", "2020-08-12", "eased_by_licence"),
    _case("us-bis-huawei-tgl", "2020-08-13", "ended"),
    _case("us-ofac-gl-128", "2026-10-28", "eased_by_licence"),
    _case("us-ofac-gl-128", "2026-10-29", "authorisation_lapsed_unconfirmed"),
    _case("us-ofac-gl-131", "2026-06-01", "unknown", name="a version without recorded end"),
    _case("us-ofac-gl-131", "2026-07-25", "eased_by_licence"),
    _case("cn-ecl-2025-21", "2025-05-13", "in_force"),
    _case("cn-ecl-2025-21", "2025-08-12", "suspended", name="second term"),
    _case("cn-ecl-2025-21", "2025-11-10", "suspended", name="third term"),
    _case("cn-ecl-2025-21", "2025-08-12", "in_force_by_lapse", "2025-08-11"),
    _case("cn-ecl-2025-13", "2025-11-09", "in_force"),
    _case("cn-ecl-2025-13", "2025-11-10", "ended", name="measures stopped"),
    _case("cn-uel-2025-8", "2025-08-11", "suspended", name="open-ended"),
    _case("eu-iran-snapback", "2015-06-01", "in_force", name="before the deal"),
    _case("eu-iran-snapback", "2025-09-28", "ended"),
    _case("eu-iran-snapback", "2025-09-29", "in_force", name="listings a day earlier"),
    _case("un-1737-iran", "2025-09-26", "ended"),
    _case("un-1737-iran", "2025-09-27", "in_force"),
    _case("eu-lng-19th-package", "2026-04-24", "published_not_effective"),
    _case("eu-lng-19th-package", "2026-04-25", "in_force"),
    _case("eu-acyclic-hydrocarbons", "2026-01-24", "in_force_eased"),
    _case("eu-acyclic-hydrocarbons", "2026-01-25", "in_force"),
    _case("us-bis-tdo-utair", "2026-03-17", "in_force", name="last day of its term"),
    _case("us-bis-tdo-utair", "2026-03-18", "unknown"),
    _case("us-bis-ic-designer-deadline", "2026-12-30", "in_force_eased"),
    _case("us-bis-ic-designer-deadline", "2026-12-31", "in_force_by_lapse"),
    _case("us-ofac-isa", "2026-12-31", "in_force", name="statute's last day"),
    _case("us-ofac-isa", "2026-12-31", "in_force", "2026-09-17", "before the extension"),
    _case("us-ofac-isa", "2027-01-01", "ended_by_term_unconfirmed", "2026-09-17"),
    _case("us-ofac-isa", "2027-01-01", "in_force", "2026-09-18", "reported extended"),
    _case("us-ofac-isa", "2027-01-01", "in_force", name="first day of the extension"),
    _case("us-ofac-isa", "2027-06-01", "in_force", name="within the extension"),
    _case("us-ofac-isa", "2031-12-31", "in_force", name="last day of the extension"),
    _case("us-ofac-isa", "2032-01-01", "ended_by_term_unconfirmed"),
    _case("uk-burundi", "2026-11-24", "unknown", name="end without a day"),
    _case("not-in-register", "2026-11-24", "unknown"),
    _case("own-list", "2026-11-24", "in_force"),
]


@pytest.mark.parametrize(("measure_id", "as_of", "known_at", "word"), CASES)
def test_a_real_measure_has_its_word_on_the_day(
    measure_id: str, as_of: str, known_at: str, word: str
):
    measure = REGISTER.get(measure_id)
    days = date.fromisoformat(as_of), date.fromisoformat(known_at)
    assert status_on(measure, *days).word == word


def test_the_affiliates_rule_came_back_unconfirmed_and_shows_the_extension_as_disputed():
    status = status_on(REGISTER.get(AFFILIATES), date(2026, 11, 24), date(2026, 11, 24))
    assert (status.force, status.operation, status.evidence) == (
        "in_force",
        "operative",
        "by_lapse",
    )
    assert status.disputed == ("announce-extension-2026-09-23",)
    assert status.since == date(2026, 11, 10)
    assert status.next_change is None
    assert status.rests_on == ("take-effect-2025-09-29", "suspend-2025-11-10")


def test_a_suspension_tells_its_stated_end_and_what_follows():
    status = status_on(REGISTER.get("cn-2024-46-2"), date(2026, 11, 24), date(2026, 11, 24))
    assert (status.until, status.until_bound) == (date(2026, 11, 27), "unknown")
    assert status.next_change is not None
    assert status.next_change.on == date(2026, 11, 27)
    assert status.next_change.status == "in_force_by_lapse"
    assert status.next_change.event_id == "suspend-2025-11-09"
    assert status.residual_obligation is not None


def test_the_second_stage_of_a_ban_is_a_part_not_yet_effective():
    status = status_on(REGISTER.get("us-dod-1260h"), date(2026, 11, 24), date(2026, 11, 24))
    part = {each.part: each for each in status.slices}["procurement of goods and services"]
    assert part.status == "published_not_effective"
    assert part.until is None
    assert part.next_change is not None
    assert part.next_change.on == date(2027, 6, 30)


def test_one_country_excepted_for_a_time_is_a_part():
    status = status_on(
        REGISTER.get("eu-acyclic-hydrocarbons"), date(2026, 7, 24), date(2026, 11, 24)
    )
    assert [(each.part, each.status) for each in status.slices] == [
        ("HU", "published_not_effective")
    ]


@pytest.mark.parametrize(
    ("as_of", "known_at", "is_reported"),
    [
        pytest.param("2026-12-31", NOW, False, id="its own term still runs"),
        pytest.param("2027-01-01", NOW, True, id="first day that rests on the report"),
        pytest.param("2027-06-01", NOW, True, id="later day that rests on the report"),
        pytest.param("2027-01-01", "2026-09-17", False, id="nobody had reported it"),
        pytest.param("2032-01-01", NOW, False, id="the extension is over as well"),
    ],
)
def test_a_term_that_only_a_report_extends_is_never_told_as_confirmed(
    as_of: str, known_at: str, *, is_reported: bool
):
    days = date.fromisoformat(as_of), date.fromisoformat(known_at)
    status = status_on(REGISTER.get("us-ofac-isa"), *days)
    assert ("renewal_only_reported" in status.flags) == is_reported
    if is_reported:
        assert not status.confirmed
        assert status.evidence == "announced_only"
        assert "renew-2026-09-18" in status.rests_on
        assert (status.until, status.until_bound) == (date(2031, 12, 31), "unknown")
