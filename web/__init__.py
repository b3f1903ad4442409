"""The composition root and the four surfaces."""
