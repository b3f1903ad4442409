"""Settlement: what merchants have earned becomes payouts, each with its rows, and what is kept back has a reason."""
