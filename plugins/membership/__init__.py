"""Membership: points that buyers earn and use."""
