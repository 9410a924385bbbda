"""Find the listed names that a question may mean, score them and explain the scores."""

from service.names.match.index import NameIndex as NameIndex
from service.names.match.index import score as score
from service.names.match.index import score_forms as score_forms
from service.names.match.index import warm as warm
from service.names.match.kernel import is_compiled as is_compiled
from service.names.match.score import SCORER_VERSION as SCORER_VERSION
from service.names.matching import DEFAULT_THRESHOLD as DEFAULT_THRESHOLD
