"""The schema's history: core first, then each plugin in a version table of its own."""
