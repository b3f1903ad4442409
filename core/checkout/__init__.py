"""From a cart to paid orders."""
