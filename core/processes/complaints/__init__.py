"""Complaints and reports by class, each with its clocks: filed, acknowledged, answered, decided, remedied."""
