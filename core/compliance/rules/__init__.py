"""The checks of the built-in laws: pure functions over facts, by subject as in core.compliance.laws."""
