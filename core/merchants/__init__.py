"""Who sells: merchants, their approval, their shops."""
