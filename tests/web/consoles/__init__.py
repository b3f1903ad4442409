"""Pages and API that the three consoles share."""
