"""Printed name → comparison form."""

from service.normalise.asides import normalise_all as normalise_all
from service.normalise.comparable import has_letters as has_letters
from service.normalise.comparable import why_not_comparable as why_not_comparable
from service.normalise.form import normalise as normalise
from service.normalise.web_addresses import domain_labels as domain_labels
