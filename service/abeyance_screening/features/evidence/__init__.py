"""Printed evidence: a screening as a page and as a PDF."""

from abeyance_screening.platform.feature import Feature

FEATURE = Feature(pages=("abeyance_screening.features.evidence.page:PAGES",))
