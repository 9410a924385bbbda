"""The composition: the application, its commands and what runs beside it, out of the features."""
