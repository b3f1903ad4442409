"""Purchases, orders and their state machines."""
