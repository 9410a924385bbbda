"""Printed evidence: the page and the PDF of a kept screening."""
