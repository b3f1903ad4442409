"""One folder a plugin; each reaches core through hooks alone."""
