"""Content of the two demo marketplaces: pure values and drawings, no database and no web framework."""
