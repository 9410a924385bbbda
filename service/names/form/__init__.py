"""Make printed names comparable: words in Latin letters, each with a weight, and legal forms."""

from service.names.form.form import forget_words as forget_words
from service.names.form.form import has_letters as has_letters
from service.names.form.form import normalise as normalise
from service.names.form.form import normalise_all as normalise_all
from service.names.form.form import why_not_comparable as why_not_comparable
from service.names.form.senses import ordinary_words as ordinary_words
from service.names.form.senses import read_otherwise as read_otherwise
from service.names.form.senses import read_ukrainian as read_ukrainian
from service.names.form.senses import sounds_of as sounds_of
from service.names.form.tokens import domain_labels as domain_labels
