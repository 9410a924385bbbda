"""Finds the listed names a comparison form may mean, scores them and explains the score."""

from service.match.compiled import is_compiled as is_compiled
from service.match.index import NameIndex as NameIndex
from service.match.pair import score as score
from service.match.pair import score_forms as score_forms
from service.match.tables import SCORER_VERSION as SCORER_VERSION
from service.match.threshold import DEFAULT_THRESHOLD as DEFAULT_THRESHOLD
from service.match.warm import warm as warm
