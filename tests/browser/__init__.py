"""Tests in a real browser. A package, so that service and browser end with its last test."""
