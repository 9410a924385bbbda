"""The spreadsheet page: a table of counterparties in, its evidence out."""
