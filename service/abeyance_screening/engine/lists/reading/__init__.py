"""Shared parts of the readers: XML, tables, pages, PDF files, texts, names, countries and days."""
