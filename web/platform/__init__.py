"""The platform's console: tenants, plans, work in the background."""
