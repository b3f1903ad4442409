"""Notices of right holders about goods: acted on, passed on, published; countered, and lifted after fifteen days."""
