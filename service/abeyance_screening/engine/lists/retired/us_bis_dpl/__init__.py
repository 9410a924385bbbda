"""The Denied Persons List in the format of the past."""
