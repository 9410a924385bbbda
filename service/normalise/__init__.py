"""Printed name → comparison form."""

from service.normalise.asides import normalise_all as normalise_all
from service.normalise.form import normalise as normalise
