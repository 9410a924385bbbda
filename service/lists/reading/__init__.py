"""What readers of lists share: XML, tables, pages, PDF files, texts, names, countries and days."""
