"""Tools for those who build Abeyance: benchmarks, tables, proposals; no part of the service."""
