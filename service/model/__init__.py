"""The words of the product as frozen structs and fixed vocabularies; imports nothing of ours."""
