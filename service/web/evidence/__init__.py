"""Printed evidence: a screening as a page and as a PDF."""
