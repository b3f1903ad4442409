"""Accounting over the journal: statements, fiscal documents, closed months, reports and the export for accountants."""
