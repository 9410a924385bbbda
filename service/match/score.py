"""The score of one pair of names."""

import numpy as np

from service.match.arrays import float_list
from service.match.columns import Columns
from service.match.evidence import weigh_evidence
from service.match.question import Question
from service.model.listing import NameKind
from service.model.matching import ComparisonForm

# Alerts on 0.94 % of 6,043 ordinary companies of 45 countries over all US and UN names, a fifth of
# them being listed by that very name; finds 60 % of held-out company names
# (tests/quality/bench_quality.py). 0.65 would alert on 0.73 %, 0.50 on 1.2 %.
DEFAULT_THRESHOLD = 0.57


def score(query: ComparisonForm, candidate: ComparisonForm, kind: NameKind = "primary") -> float:
    """The score in [0, 1] that an index holding `candidate` would give it; 0 without words."""
    question = Question(query)
    if not question.words or not candidate.words:
        return 0.0
    columns = Columns([candidate], [kind])
    evidence = weigh_evidence(question, columns, np.zeros(1, dtype=np.int64))
    return float_list(evidence.scores)[0]
