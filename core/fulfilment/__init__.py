"""Delivery options, parcels, tracking."""
