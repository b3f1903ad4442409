"""The operators' console: merchants, review, orders, money, plugins."""
