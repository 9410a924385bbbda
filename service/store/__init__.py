"""The only package that uses SQL: one module for each noun, one function for each query."""
