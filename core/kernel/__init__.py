"""What everything stands on: no business, no Flask."""
