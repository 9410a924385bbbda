"""A measure, its status and a hit in words, the same on every page, print and terminal.

`badge` gives a status in a few words, `glance` in at most four, `sentence` what the status means,
and `notes` the lines below it. `headline` and `count_in_words` open an answer about one name;
`hit_text` gives everything there is to say about one hit. Days are written as `27 Nov 2026`. No
sentence draws a conclusion for a company, and none gives advice.

What only a page needs (the shapes of badges, the pieces of a marked name) is in `platform.pages`.
"""

from abeyance_screening.engine.screening.coverage_line import doubts
from abeyance_screening.engine.wording.answers import (
    AnswerTerms,
    answer_terms,
    count_in_words,
    headline,
    open_questions,
    why_incomplete,
)
from abeyance_screening.engine.wording.hits import (
    HitText,
    MeasureText,
    hit_notes,
    hit_text,
    licence_in_words,
    matched_in_words,
    measure_text,
    policies_in_words,
)
from abeyance_screening.engine.wording.notes import Note, notes
from abeyance_screening.engine.wording.status import (
    badge,
    badge_ahead,
    duties_in_words,
    duty,
    effect_in_words,
    glance,
    lapse_in_words,
    lapse_sentence,
    own_since,
    plain_badge,
    plain_glance,
    sentence,
    slice_badge,
)
from abeyance_screening.engine.wording.titles import list_title, measure_title
from abeyance_screening.primitives.days import day_in_words, days_left_in_words

__all__ = [
    "AnswerTerms",
    "HitText",
    "MeasureText",
    "Note",
    "answer_terms",
    "badge",
    "badge_ahead",
    "count_in_words",
    "day_in_words",
    "days_left_in_words",
    "doubts",
    "duties_in_words",
    "duty",
    "effect_in_words",
    "glance",
    "headline",
    "hit_notes",
    "hit_text",
    "lapse_in_words",
    "lapse_sentence",
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
