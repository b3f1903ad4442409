"""Who owes what to whom: charges, capture, release, refunds."""
