"""Wording: a measure and its status as a person would say it, the same on a page and a terminal.

`badge` is the status in a few words, `glance` in at most four, `sentence` what it means, and
`notes` what a reader must be told beside it, each of one `MeasureOnDay`. `headline` and
`found_in_words` are the first words of an answer about one name, `matched_in_words` how a hit was
met. Dates stand as `27 Nov 2026`. No sentence concludes for a company, and none advises.
"""

from service.wording.answers import (
    AskedOf,
    doubts,
    found_in_words,
    headline,
    left_in_words,
    matched_in_words,
    open_questions,
)
from service.wording.badges import badge, glance, plain_badge, slice_badge
from service.wording.days import day_in_words, days_left_in_words
from service.wording.duties import duty, effect_in_words
from service.wording.licences import licence_in_words
from service.wording.notes import Note, notes
from service.wording.sentences import sentence

__all__ = [
    "AskedOf",
    "Note",
    "badge",
    "day_in_words",
    "days_left_in_words",
    "doubts",
    "duty",
    "effect_in_words",
    "found_in_words",
    "glance",
    "headline",
    "left_in_words",
    "licence_in_words",
    "matched_in_words",
    "notes",
    "open_questions",
    "plain_badge",
    "sentence",
    "slice_badge",
]
