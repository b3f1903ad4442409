"""The tenants themselves: onboarding, domains, plans, plugin states."""
