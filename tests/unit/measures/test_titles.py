"""What a title says by itself: its deed and its measures, for a draft that a person confirms."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from abeyance_screening.engine.measures.measure import EventKind
from abeyance_screening.engine.measures.place_state import OpenDocument
from abeyance_screening.engine.measures.places import (
    place_of,
    places,
    read_proposals,
    write_proposals,
)
from abeyance_screening.features.watch.proposals.from_places import drafts_from
from abeyance_screening.features.watch.proposals.titles import read_title
from abeyance_screening.features.watch.read_place import read_place
from tests.shipped_register import load

FIXTURES = Path(__file__).parents[2] / "fixtures" / "places"
MEASURES = load().measures


@pytest.mark.parametrize(
    ("place", "title", "kind", "words", "measures"),
    [
        pytest.param(
            "us-ofac-recent-actions",
            "Issuance of Amended Russia-related General License and Frequently Asked Questions",
            "replace_authorisation",
            "Issuance of Amended Russia-related General License",
            (),
            id="OFAC, of whose Russian licences there are too many to name one",
        ),
        pytest.param(
            "cn-mot-policies",
            "交通运输部关于暂停对美船舶收取船舶特别港务费的公告",
            "suspend",
            "暂停",
            ("cn-port-fees",),
            id="China's Ministry of Transport",
        ),
        pytest.param(
            "cn-mofcom-announcements",
            "商务部公告2026年第70号 公布继续暂停实施商务部公告2024年第46号第二款",
            "extend_suspension",
            "继续暂停",
            ("cn-2024-46-1", "cn-2024-46-2"),
            id="MOFCOM, by the act that it names",
        ),
        pytest.param(
            "un-1267-press",
            "Security Council ISIL (Da'esh) and Al-Qaida Sanctions Committee Removes One Entry "
            "from Its Sanctions List",
            "delist",
            "Removes",
            ("un-1267",),
            id="a committee of the Security Council",
        ),
        pytest.param(
            "uk-instruments",
            "The Iran (Sanctions) (Amendment) Regulations 2026",
            "amend",
            "Amendment",
            ("uk-iran-2023", "uk-iran-nuclear-2019"),
            id="gov.uk",
        ),
        pytest.param(
            "jp-meti-releases",
            "貿易管理に関する説明会を開催します",
            None,
            None,
            (),
            id="a meeting",
        ),
    ],
)
def test_a_title_says_what_its_act_does_and_to_which_measures(
    place: str,
    title: str,
    kind: EventKind | None,
    words: str | None,
    measures: tuple[str, ...],
):
    read = read_title(place_of(place), title, MEASURES)
    assert (read.kind, read.words) == (kind, words)
    # the register may have more measures of the same subject one day
    assert {*measures} <= {*read.measures}
    assert bool(measures) is bool(read.measures)


def test_of_the_documents_of_all_places_four_in_ten_name_their_measures():
    read = [
        read_title(place, each.title, MEASURES)
        for place in places()
        for file in sorted(FIXTURES.glob(f"{place.id}.*"))
        for each in read_place(place, file.read_bytes()).documents
    ]
    named = [each for each in read if each.measures]
    assert len(named) >= 0.4 * len(read)
    assert sum(each.kind is not None for each in read) >= 0.4 * len(read)


def test_a_draft_by_its_title_is_no_event_until_a_person_has_read_the_act():
    document = OpenDocument(
        id=7,
        place="cn-mot-policies",
        key="k",
        title="交通运输部关于暂停对美船舶收取船舶特别港务费的公告",
        url="https://xxgk.mot.gov.cn/x",
        dated_on=datetime(2026, 11, 10, tzinfo=UTC).date(),
        body=None,
        seen_at=datetime(2026, 11, 11, tzinfo=UTC),
    )
    [draft] = drafts_from(document, MEASURES)
    [again] = read_proposals(write_proposals([draft]))
    assert again == draft
    assert (draft.accepted, draft.measure, draft.sure) == (False, "cn-port-fees", "medium")
    assert (draft.event.kind, draft.event.until_state) == ("suspend", "not_recorded")
    assert draft.event.confidence == "general_knowledge"
    assert draft.missing[0] == "event.kind: suspend by the title alone; read the act"
    assert "the title says “暂停”" in draft.why
