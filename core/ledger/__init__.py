"""Double-entry journal: post, reverse, balance, verify."""
