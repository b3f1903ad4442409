"""Who buys: buyers, addresses, consents, labels."""
