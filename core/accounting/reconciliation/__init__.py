"""Reconciliation: the journal compared with what payment providers say moved, each difference named and settled."""
