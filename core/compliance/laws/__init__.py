"""The 69 laws of the built-in packs, by subject."""
