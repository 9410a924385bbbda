"""Find the listed names that a question may mean, score them and explain the scores."""

from abeyance_screening.engine.names.match.index import NameIndex as NameIndex
from abeyance_screening.engine.names.match.index import score as score
from abeyance_screening.engine.names.match.index import score_forms as score_forms
from abeyance_screening.engine.names.match.index import warm as warm
from abeyance_screening.engine.names.match.kernel import is_compiled as is_compiled
from abeyance_screening.engine.names.match.score import SCORER_VERSION as SCORER_VERSION
from abeyance_screening.engine.names.match_types import DEFAULT_THRESHOLD as DEFAULT_THRESHOLD
