"""Slices of a trial's questions."""

import pytest

from abeyance_screening.bench.overlap import overlap_of, slices_of
from abeyance_screening.bench.trial_answers import Forms
from abeyance_screening.bench.trials import ListedName, Query, Trial
from abeyance_screening.engine.names.form import normalise


@pytest.mark.parametrize(
    ("asked", "listed", "overlap"),
    [
        ("Huawei Technologies LLC", "Technologies Huawei Ltd", "same words"),
        ("Hikvision", "Hangzhou Hikvision Digital", "subset"),
        ("Hangzhou Dahua", "Hangzhou Hikvision", "partial"),
        ("Hikvision", "Hikvison", "spelling"),
        ("YMTC", "Yangtze Memory Tech Corner", "acronym"),
        ("Aigle Blanc", "Bwambale", "shares none"),
    ],
)
def test_what_two_names_have_in_common(asked: str, listed: str, overlap: str):
    assert overlap_of(normalise(asked), normalise(listed)) == overlap
    assert overlap_of(normalise(listed), normalise(asked)) == overlap


def test_a_question_counts_where_it_has_most_in_common():
    names = (
        ListedName("Bwambale", "primary", 0, 0),
        ListedName("Hangzhou Hikvision Digital", "alias", 0, 0),
        ListedName("Hikvision", "alias", 1, 1),
    )
    queries = (Query("Hikvision", "weak_alias", 0), Query("烽火病院", "alias", 1))
    slices = slices_of(Trial("given", names, queries), Forms())
    assert list(slices)[:3] == ["all", "shares a word", "shares no word"]
    assert slices["overlap: subset"].tolist() == [True, False]
    assert slices["kind: weak_alias"].tolist() == [True, False]
    assert slices["script: Han"].tolist() == [False, True]
    assert "overlap: partial" not in slices, "a slice without questions is left out"
