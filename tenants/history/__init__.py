"""Order history of another marketplace: read, planned, written in chunks, proved."""
