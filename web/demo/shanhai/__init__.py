"""Content of 山海集."""
