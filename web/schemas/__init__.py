"""Schemas that pages and the API share: one contract for a form and a body."""
