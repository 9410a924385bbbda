"""Printed name → comparison form."""

from service.normalise.asides import normalise_all as normalise_all
from service.normalise.form import normalise as normalise
from service.normalise.web_addresses import domain_labels as domain_labels
