"""Fills an empty installation with the demo marketplaces, step by step; a step that was done is passed over."""
