"""Money from buyers through payment providers."""
