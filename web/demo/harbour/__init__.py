"""Content of Harbour & Hill."""
