"""What the platform itself sells to its marketplaces: plans, metering, invoices, their payment, its own books."""
