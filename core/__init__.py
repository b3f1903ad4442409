"""The tenant-aware core of the marketplace; it knows no plugin by name."""
