"""What a name field holds besides one name: several parties, prose, words run together, codes."""
