"""Printed name → comparison form."""

from service.normalise.form import normalise as normalise
