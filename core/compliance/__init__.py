"""Rules that run."""
