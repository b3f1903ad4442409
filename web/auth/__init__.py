"""Signing in and out, registering, new passwords, invitations, devices: one implementation for all four realms."""
