"""The spreadsheet page: it screens a table of counterparties and writes evidence for each row."""
