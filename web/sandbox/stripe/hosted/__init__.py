"""Pages for buyers: they stand in for Stripe's payment form, bank authentication and wallets."""
