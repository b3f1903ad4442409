"""Companies: firms that buy with several people, limits and their own numbers."""
