"""Wording: a measure and its status as a person would say it, the same on a page and a terminal.

`badge` is the status in a few words, `glance` in at most four, `sentence` what it means, and
`notes` what a reader must be told beside it, each of one `MeasureOnDay`. `headline` and
`found_in_words` are the first words of an answer about one name, `matched_in_words` how a hit was
met. Dates stand as `27 Nov 2026`. No sentence concludes for a company, and none advises.

What only a page needs (the shapes of badges, the pieces of a marked name) is in `service.web`.
"""

from service.days import day_in_words, days_left_in_words
from service.wording.answers import (
    AskedOf,
    doubts,
    found_in_words,
    headline,
    open_questions,
    why_incomplete,
)
from service.wording.hit_text import HitText, MeasureText, hit_text, measure_text
from service.wording.hits import (
    hit_notes,
    licence_in_words,
    matched_in_words,
    policies_in_words,
)
from service.wording.notes import Note, NoteKind, notes
from service.wording.status import (
    badge,
    duties_in_words,
    duty,
    effect_in_words,
    glance,
    own_since,
    plain_badge,
    plain_glance,
    sentence,
    slice_badge,
)
from service.wording.titles import list_title, measure_title

__all__ = [
    "AskedOf",
    "HitText",
    "MeasureText",
    "Note",
    "NoteKind",
    "badge",
    "day_in_words",
    "days_left_in_words",
    "doubts",
    "duties_in_words",
    "duty",
    "effect_in_words",
    "found_in_words",
    "glance",
    "headline",
    "hit_notes",
    "hit_text",
    "licence_in_words",
    "list_title",
    "matched_in_words",
    "measure_text",
    "measure_title",
    "notes",
    "open_questions",
    "own_since",
    "plain_badge",
    "plain_glance",
    "policies_in_words",
    "sentence",
    "slice_badge",
    "why_incomplete",
]
