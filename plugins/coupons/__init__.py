"""Coupons: codes that lower a basket's price, funded by the platform, by merchants, or by both."""
