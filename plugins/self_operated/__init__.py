"""Self-operated: the tenant sells goods of its own beside its merchants, marked as such."""
