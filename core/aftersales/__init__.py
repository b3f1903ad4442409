"""What buyers ask for after goods were sent: refunds, returns, exchanges, claims and repairs."""
