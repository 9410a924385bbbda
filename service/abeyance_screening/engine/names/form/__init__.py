"""Make printed names comparable: words in Latin letters, each with a weight, and legal forms."""

from abeyance_screening.engine.names.form.normalise import ends_in_form as ends_in_form
from abeyance_screening.engine.names.form.normalise import forget_words as forget_words
from abeyance_screening.engine.names.form.normalise import has_letters as has_letters
from abeyance_screening.engine.names.form.normalise import is_legal_form as is_legal_form
from abeyance_screening.engine.names.form.normalise import is_name as is_name
from abeyance_screening.engine.names.form.normalise import is_with_legal_form as is_with_legal_form
from abeyance_screening.engine.names.form.normalise import most_legal_forms as most_legal_forms
from abeyance_screening.engine.names.form.normalise import names_around_form as names_around_form
from abeyance_screening.engine.names.form.normalise import names_nobody as names_nobody
from abeyance_screening.engine.names.form.normalise import normalise as normalise
from abeyance_screening.engine.names.form.normalise import normalise_all as normalise_all
from abeyance_screening.engine.names.form.normalise import why_not_comparable as why_not_comparable
from abeyance_screening.engine.names.form.senses import ordinary_words as ordinary_words
from abeyance_screening.engine.names.form.senses import read_otherwise as read_otherwise
from abeyance_screening.engine.names.form.senses import read_ukrainian as read_ukrainian
from abeyance_screening.engine.names.form.senses import sounds_of as sounds_of
from abeyance_screening.engine.names.form.tokens import domain_labels as domain_labels
from abeyance_screening.engine.names.form.tokens import domain_names as domain_names
from abeyance_screening.engine.names.form.tokens import mail_hosts as mail_hosts
