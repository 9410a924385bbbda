"""The only room that speaks SQL: one module a noun, one query a function, structs out."""
